// The model's file, in flash as it is.
    .section .model, "a"
    .balign 16
    .global lab_model
    .type lab_model, %object
lab_model:
    .incbin "model.tflite"
    .global lab_model_end
lab_model_end:
    .size lab_model, . - lab_model
