"""A model that Keras 3 saved, as one of tf-keras: what tunes networks for int8 and prunes them knows only those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Config = dict[str, Any]

_DROPPED = ("optional", "quantization_config", "lora_rank", "lora_alpha", "_initializer", "_regularizer", "_constraint")
"""Ends of settings of layers that tf-keras does not have or spells in another way; none changes what is computed."""


class NotThere(Exception):
    """tf-keras has no such layer."""


def as_tf_keras(tf_keras: Any, model: Any) -> Any:
    """The same layers with the same weights, those of networks in it too: it has no network in it any more.

    Raises NotThere, and what tf-keras raises for settings of a layer that it does not have.
    """
    maker = _Maker(tf_keras)
    given = [tf_keras.layers.Input(one.shape[1:]) for one in model.inputs]
    found = tf_keras.Model(given, maker.network(model.get_config(), given, ""))
    for path, layer in maker.made.items():
        layer.set_weights(_at(model, path).get_weights())
    return found


def _at(model: Any, path: str) -> Any:
    for name in path.split("/"):
        model = next(layer for layer in model.layers if layer.name == name)
    return model


class _Maker:
    """Makes layers of tf-keras from the settings of Keras 3, each once; `made` has them by their path."""

    def __init__(self, tf_keras: Any) -> None:
        self._tf_keras = tf_keras
        self.made: dict[str, Any] = {}

    def network(self, config: Config, given: Sequence[Any], inside: str) -> Any:
        """What a network of this configuration gives; `inside` is the path of networks that it is in."""
        layers = [layer for layer in config["layers"] if layer["class_name"] != "InputLayer"]
        if "input_layers" not in config:  # one layer after the other
            (x,) = given
            for layer in layers:
                x = self._called(layer, [x], {}, inside)
            return x
        known = {name: {0: one} for (name, _, _), one in zip(_ends(config["input_layers"]), given, strict=True)}
        waiting = [(layer, number) for layer in layers for number in range(len(layer["inbound_nodes"]))]
        while waiting:
            ready = [one for one in waiting if all(node in known.get(name, ()) for name, node in _needs(*one))]
            if not ready:
                raise NotThere("its layers depend on one another in a circle")
            for layer, number in ready:
                node = layer["inbound_nodes"][number]
                arguments = [_filled(one, known) for one in node["args"]]
                known.setdefault(_name(layer), {})[number] = self._called(layer, arguments, node["kwargs"], inside)
            waiting = [one for one in waiting if one not in ready]
        found = [known[name][node] for name, node, _ in _ends(config["output_layers"])]
        return found[0] if len(found) == 1 else found

    def _called(self, layer: Config, given: Sequence[Any], kwargs: Mapping[str, Any], inside: str) -> Any:
        path = f"{inside}{_name(layer)}"
        if "layers" in layer["config"]:
            return self.network(layer["config"], given, f"{path}/")
        if path not in self.made:
            self.made[path] = self._layer(layer, path)
        usual = {key: value for key, value in kwargs.items() if value is not None and key not in ("training", "mask")}
        return self.made[path](*given, **usual)

    def _layer(self, layer: Config, path: str) -> Any:
        kind = getattr(self._tf_keras.layers, layer["class_name"], None)
        if kind is None:
            raise NotThere(f"tf-keras has no layer {layer['class_name']}")
        settings = {key: value for key, value in layer["config"].items() if not key.endswith(_DROPPED)}
        if isinstance(settings.get("dtype"), dict):
            settings["dtype"] = settings["dtype"]["config"]["name"]
        return kind.from_config({**settings, "name": path.replace("/", "_")})


def _name(layer: Config) -> str:
    return str(layer["config"]["name"])


def _is_tensor(one: Any) -> bool:
    return isinstance(one, dict) and one.get("class_name") == "__keras_tensor__"


def _needs(layer: Config, number: int) -> list[tuple[str, int]]:
    """The layers and nodes whose tensors a node takes."""
    found: list[tuple[str, int]] = []

    def visit(one: Any) -> None:
        if _is_tensor(one):
            name, node, _ = one["config"]["keras_history"]
            found.append((name, node))
        elif isinstance(one, list | tuple):
            for part in one:
                visit(part)

    visit(layer["inbound_nodes"][number]["args"])
    return found


def _filled(one: Any, known: Mapping[str, Mapping[int, Any]]) -> Any:
    """An argument with tensors in the places of their names."""
    if _is_tensor(one):
        name, node, _ = one["config"]["keras_history"]
        return known[name][node]
    if isinstance(one, list | tuple):
        return [_filled(part, known) for part in one]
    return one


def _ends(given: Any) -> list[list[Any]]:
    """One tensor, or several, as a list of them."""
    return [given] if given and isinstance(given[0], str) else given
