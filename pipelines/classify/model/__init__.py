"""The risk model at run time: onnxruntime, tokenizers and numpy, nothing else."""
