package dev.gatewright.limit.term;

/// What a running call has taken.
public interface Hold {
  /// Nothing stands behind it.
  Hold NONE =
      new Hold() {
        @Override
        public void settle(Used used) {}

        @Override
        public Standing standing() {
          return Standing.NONE;
        }

        @Override
        public boolean countsMoney() {
          return false;
        }
      };

  /// The call is over: what it used takes the place of what was taken for it. Once; any thread.
  void settle(Used used);

  /// How its limits stood once it had taken its part.
  Standing standing();

  /// Whether anybody asks what it cost.
  boolean countsMoney();
}
