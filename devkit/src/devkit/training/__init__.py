"""Training of the classifier's second stage. Only `fold`, `finetune` and `export` import torch."""
