"""The stages of TFLM's audio frontend, by the functions that `FrontendProcessSamples` calls."""

FRONTEND = "FrontendProcessSamples"

STAGES = {
    "WindowProcessSamples": "window",
    "FftCompute": "FFT",
    "FilterbankConvertFftComplexToEnergy": "energy",
    "FilterbankAccumulateChannels": "filterbank",
    "FilterbankSqrt": "square root",
    "NoiseReductionApply": "noise reduction",
    "PcanGainControlApply": "gain control",
    "LogScaleApply": "log scale",
}
"""In order of execution, each with its name for people."""
