// The model as it is in its file.
    .section .rodata.model, "a"
    .balign 16
    .global model_data
model_data:
    .incbin MODEL
