import pytest

from lab.profiling.naming import short


@pytest.mark.parametrize(
    ("demangled", "expected"),
    [
        ("memcpy", "memcpy"),
        ("lab::Network::invoke()", "lab::Network::invoke"),
        ("lab::kernels::Adapter<lab::kernels::(anonymous namespace)::Conv2D>::invoke(Context*, Node*)",
         "lab::kernels::Adapter<lab::kernels::Conv2D>::invoke"),
        ("void lab::Ring<int (*)(int)>::push(short const*) const", "lab::Ring<int (*)(int)>::push"),
        ("lab::(anonymous namespace)::add(Resolver<14u>&) [clone .constprop.0]", "lab::add"),
        ("lab::Address::operator()(int) const", "lab::Address::operator()"),
        ("esp_nn_conv_s8_1x1.isra.0", "esp_nn_conv_s8_1x1"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_function_is_named_without_its_arguments(demangled, expected):
    assert short(demangled) == expected
