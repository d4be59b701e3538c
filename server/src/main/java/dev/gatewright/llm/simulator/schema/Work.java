package dev.gatewright.llm.simulator.schema;

import java.io.Serial;

/// How much may be done for one schema, so that no schema decides how long a loop works. Confined
/// to one thread.
final class Work {
  /// A few milliseconds on a slow core.
  static final int STEPS_MAX = 20_000;

  /// The schema asks for more than there is to give. Carries no stack: it is no fault of ours.
  static final class Exhausted extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    Exhausted() {
      super(null, null, false, false);
    }
  }

  private int left = STEPS_MAX;

  void spend(int steps) {
    left -= steps;
    if (left < 0) {
      throw new Exhausted();
    }
  }
}
