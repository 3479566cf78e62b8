"""The network: the base encoder, the mean of a text's pieces, one linear output a label."""

from __future__ import annotations

import torch
from transformers import BertModel

from pipelines.classify.training.example import LABELS
from pipelines.encoder.training.base import base_config, load_base

DROPOUT = 0.1


class RiskNetwork(torch.nn.Module):
    """``forward(ids, mask)``, both (texts, pieces), gives logits (texts, labels)."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        config = base_config(layers, len(LABELS))
        self.bert = BertModel(config, add_pooling_layer=False)
        self.dropout = torch.nn.Dropout(DROPOUT)
        self.classifier = torch.nn.Linear(config.hidden_size, len(LABELS))

    @classmethod
    def fresh(cls, layers: int) -> RiskNetwork:
        """The base's weights under a head that has learnt nothing."""
        network = cls(layers)
        load_base(network, layers)
        return network

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1)
        logits: torch.Tensor = self.classifier(self.dropout(mean))
        return logits
