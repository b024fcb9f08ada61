"""A real CLIP model, as small as one can be, of random weights: equal pictures have equal vectors all the same."""

import io

import numpy as np
from PIL import Image

TEXT = {"vocab_size": 64, "hidden_size": 16, "intermediate_size": 32, "max_position_embeddings": 8}
VISION = {"hidden_size": 32, "intermediate_size": 64, "image_size": 32, "patch_size": 8}
LAYERS = {"num_hidden_layers": 1, "num_attention_heads": 2}


def tiny_clip(folder, seed=0):
    """The folder, with a model in it."""
    import torch
    from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel

    torch.manual_seed(seed)
    text = {**TEXT, **LAYERS, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
    config = CLIPConfig(text_config=text, vision_config={**VISION, **LAYERS}, projection_dim=16)
    CLIPModel(config).save_pretrained(folder)
    CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder


def photo(seed, kind="PNG", size=(64, 48)):
    """A picture that no other seed gives."""
    found = io.BytesIO()
    blocks = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), dtype=np.uint8)
    Image.fromarray(blocks).resize(size, Image.Resampling.NEAREST).save(found, kind)
    return found.getvalue()
