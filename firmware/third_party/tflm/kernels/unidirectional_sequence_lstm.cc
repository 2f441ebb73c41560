// UNIDIRECTIONAL_SEQUENCE_LSTM as Keras has it: without peepholes, projection and normalisation.
//
// A unit needs what all units gave in the step before. What they give now stands in the output until the step is over,
// so that no memory is needed besides.

#include <cmath>

#include "operator.h"
#include "sigmoid.h"

namespace tflite {
namespace ops {
namespace micro {
namespace lstm {
namespace {

enum Input { kData = 0, kWeights = 1, kRecurrent = 5, kBias = 12, kHidden = 18, kCell = 19 };
enum Gate { kIn, kForget, kFresh, kOut };
constexpr int kGates = 4;

template <typename T>
struct Widths {  // of int8 and int16
  using Weight = int8_t;
  using Cell = int16_t;
  using Sum = typename std::conditional<sizeof(T) == 1, int32_t, int64_t>::type;
};

template <>
struct Widths<float> {
  using Weight = float;
  using Cell = float;
  using Sum = float;
};

// The values that all units read in one step, and what their zero is.
template <typename T>
struct Read {
  const T* values;
  int count;
  int32_t zero;

  template <typename Sum, typename Weight>
  Sum times(const Weight* weights) const {
    Sum sum = 0;
    for (int i = 0; i < count; ++i) {
      sum += (values[i] - static_cast<Sum>(zero)) * weights[i];
    }
    return sum;
  }
};

class Floats {
 public:
  Floats(TfLiteContext*, TfLiteNode* node)
      : clip_(parameters<TfLiteUnidirectionalSequenceLSTMParams>(node).cell_clip) {}

  float gate(Gate, float of_data, float of_hidden) const { return of_data + of_hidden; }
  // Far below zero TFLM takes the exponential for it.
  float sigmoid(float value) const { return value < -9 ? std::exp(value) : 1 / (1 + std::exp(-value)); }
  float tanh(float value) const { return std::tanh(value); }

  float cell(float forget, float before, float in, float fresh) const {
    const float sum = forget * before + in * fresh;
    return clip_ > 0 ? std::max(std::min(clip_, sum), -clip_) : sum;
  }

  float hidden(float out, float cell) const { return std::tanh(cell) * out; }

 private:
  float clip_;
};

// Gates have 12 bits behind the point before their curve and 15 after it, cells a scale that is a power of two.
template <typename T>
class Integers {
 public:
  using Sum = typename Widths<T>::Sum;

  Integers(TfLiteContext* context, TfLiteNode* node)
      : fresh_(0.0), forget_(0.0), hidden_(0.0), hidden_zero_(GetInput(context, node, kHidden)->params.zero_point) {
    const TfLiteTensor* cell = GetInput(context, node, kCell);
    const TfLiteTensor* hidden = GetInput(context, node, kHidden);
    for (int gate = 0; gate < kGates; ++gate) {
      of_data_[gate] = gate_scaling(GetInput(context, node, kData), GetInput(context, node, kWeights + gate));
      of_hidden_[gate] = gate_scaling(hidden, GetInput(context, node, kRecurrent + gate));
    }
    CheckedLog2(cell->params.scale, &power_);
    const double curve = std::ldexp(1.0, -kFractionBits);
    forget_ = Scaling(curve * scale_of(cell) / scale_of(cell));
    fresh_ = Scaling(curve * curve / scale_of(cell));
    hidden_ = Scaling(curve * curve / scale_of(hidden));
    const double clip = parameters<TfLiteUnidirectionalSequenceLSTMParams>(node).cell_clip;
    clip_ = static_cast<int16_t>(std::min(32767.0, std::max(-32768.0, clip / scale_of(cell))));
  }

  int16_t gate(Gate gate, Sum of_data, Sum of_hidden) const {
    return saturated<int16_t>(saturated<int16_t>(of_data_[gate](of_data)) +
                              saturated<int16_t>(of_hidden_[gate](of_hidden)));
  }

  int16_t sigmoid(int16_t value) const { return logistic(3 * value); }
  int16_t tanh(int16_t value) const { return hyperbolic_tangent(3 * value); }

  int16_t cell(int16_t forget, int16_t before, int16_t in, int16_t fresh) const {
    const int16_t kept = saturated<int16_t>(forget_(int32_t{forget} * before));
    const int16_t sum = saturated<int16_t>(kept + saturated<int16_t>(fresh_(int32_t{in} * fresh)));
    return clip_ > 0 ? std::max<int16_t>(std::min(clip_, sum), -clip_) : sum;
  }

  T hidden(int16_t out, int16_t cell) const {
    const int left = 12 + power_;  // to the steps of a gate
    const int32_t steps = left >= 0 ? cell * (3 << left) : (cell * 3 + (1 << (-left - 1))) >> -left;
    return saturated<T>(hidden_(int32_t{hyperbolic_tangent(steps)} * out) + hidden_zero_);
  }

 private:
  static Scaling gate_scaling(const TfLiteTensor* values, const TfLiteTensor* weights) {
    return Scaling(static_cast<double>(values->params.scale * weights->params.scale) * (1 << 12));
  }

  Scaling of_data_[kGates] = {Scaling(0.0), Scaling(0.0), Scaling(0.0), Scaling(0.0)};
  Scaling of_hidden_[kGates] = {Scaling(0.0), Scaling(0.0), Scaling(0.0), Scaling(0.0)};
  Scaling fresh_;
  Scaling forget_;
  Scaling hidden_;
  int32_t hidden_zero_;
  int power_ = 0;
  int16_t clip_;
};

template <typename T, typename Arithmetic>
class Layer {
 public:
  using Weight = typename Widths<T>::Weight;
  using Cell = typename Widths<T>::Cell;
  using Sum = typename Widths<T>::Sum;

  Layer(TfLiteContext* context, TfLiteNode* node)
      : compute_(context, node), units_(GetInput(context, node, kRecurrent)->dims->data[1]) {
    for (int gate = 0; gate < kGates; ++gate) {
      weights_[gate] = data_of<Weight>(GetInput(context, node, kWeights + gate));
      recurrent_[gate] = data_of<Weight>(GetInput(context, node, kRecurrent + gate));
      bias_[gate] = data_of<Sum>(GetInput(context, node, kBias + gate));
    }
  }

  void step(const Read<T>& data, const Read<T>& hidden, Cell* cells, T* made) const {
    for (int unit = 0; unit < units_; ++unit) {
      Cell gates[kGates];
      for (const Gate gate : {kIn, kForget, kFresh, kOut}) {
        const Weight* weights = weights_[gate] + unit * data.count;
        gates[gate] = compute_.gate(gate, data.template times<Sum>(weights) + bias_[gate][unit],
                                    hidden.template times<Sum>(recurrent_[gate] + unit * units_));
      }
      const auto open = [&](Gate gate) { return compute_.sigmoid(gates[gate]); };
      cells[unit] = compute_.cell(open(kForget), cells[unit], open(kIn), compute_.tanh(gates[kFresh]));
      made[unit] = compute_.hidden(open(kOut), cells[unit]);
    }
  }

 private:
  Arithmetic compute_;
  int units_;
  const Weight* weights_[kGates];
  const Weight* recurrent_[kGates];
  const Sum* bias_[kGates];
};

template <typename T, typename Arithmetic>
TfLiteStatus run(TfLiteContext* context, TfLiteNode* node) {
  const Layer<T, Arithmetic> layer(context, node);
  const TfLiteTensor* data = GetInput(context, node, kData);
  TfLiteTensor* state = GetVariableInput(context, node, kHidden);
  const bool time_first = parameters<TfLiteUnidirectionalSequenceLSTMParams>(node).time_major;
  const int* dims = data->dims->data;
  const int steps = dims[time_first ? 0 : 1], batches = dims[time_first ? 1 : 0], width = dims[2];
  const int units = GetInput(context, node, kRecurrent)->dims->data[1];
  for (int step = 0; step < steps; ++step) {
    for (int batch = 0; batch < batches; ++batch) {
      const int row = time_first ? step * batches + batch : batch * steps + step;
      T* hidden = data_of<T>(state) + batch * units;
      T* made = data_of<T>(GetOutput(context, node, 0)) + row * units;
      layer.step({data_of<T>(data) + row * width, width, data->params.zero_point},
                 {hidden, units, state->params.zero_point},
                 data_of<typename Widths<T>::Cell>(GetVariableInput(context, node, kCell)) + batch * units, made);
      std::copy_n(made, units, hidden);
    }
  }
  return kTfLiteOk;
}

// The crate's planner wants to know who writes each tensor. Those that a converter leaves for what is between the gates
// have no elements, and nobody writes them.
TfLiteStatus Prepare(TfLiteContext* context, TfLiteNode* node) {
  static char nothing;
  for (size_t i = 0; i < context->tensors_size; ++i) {
    TfLiteTensor& tensor = context->tensors[i];
    if (tensor.data.raw == nullptr && tensor.bytes == 0) {
      tensor.data.raw = &nothing;
    }
  }
  TF_LITE_ENSURE_EQ(context, parameters<TfLiteUnidirectionalSequenceLSTMParams>(node).activation, kTfLiteActTanh);
  return Takes<kData, float, int8_t, int16_t>(context, node);
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  switch (GetInput(context, node, kData)->type) {
    case kTfLiteFloat32:
      return run<float, Floats>(context, node);
    case kTfLiteInt8:
      return run<int8_t, Integers<int8_t>>(context, node);
    default:
      return run<int16_t, Integers<int16_t>>(context, node);
  }
}

}  // namespace
}  // namespace lstm

LAB_OPERATOR(Register_UNIDIRECTIONAL_SEQUENCE_LSTM, UNIDIRECTIONAL_SEQUENCE_LSTM, 5, "FLOAT32 INT16 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, lstm::Prepare, lstm::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
