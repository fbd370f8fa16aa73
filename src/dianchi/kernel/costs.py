"""Classes of cost that the price notice names, and what a cost serves (art. 3)."""

from __future__ import annotations

from dianchi.kernel.text import Text

CLASSES = (
    ("platform", Text("平台建设和维护", "Platform build and maintenance")),
    ("data", Text("传输、汇聚、存储、治理", "Transmission, aggregation, storage, governance")),
    ("people", Text("人力资源", "Human resources")),
    ("acquisition", Text("获取公共数据资源", "Obtaining public data resources")),
    ("period", Text("期间费用", "Period expenses")),
)
SERVES = (
    ("paid", Text("产业、行业发展产品", "Products for industry and sector")),
    ("free", Text("公共治理、公益产品", "Products for governance and welfare")),
    ("shared", Text("共用", "Both")),
)
CLASS_PATTERN = "^(platform|data|people|acquisition|period)$"
SERVES_PATTERN = "^(paid|free|shared)$"
