package dev.gatewright.rest;

import java.util.List;

/// What tests say they last saw.
public final class TestIfMatch {
  private TestIfMatch() {}

  public static IfMatch whatever() {
    return IfMatch.of(List.of());
  }
}
