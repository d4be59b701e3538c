package dev.gatewright.llm;

/// What sort of value stands somewhere in a JSON document.
enum JsonKind {
  OBJECT,
  ARRAY,
  STRING,
  NUMBER,
  TRUE,
  FALSE,
  NULL
}
