package dev.gatewright.json;

/// What sort of value stands somewhere in a JSON document.
public enum JsonKind {
  OBJECT,
  ARRAY,
  STRING,
  NUMBER,
  TRUE,
  FALSE,
  NULL
}
