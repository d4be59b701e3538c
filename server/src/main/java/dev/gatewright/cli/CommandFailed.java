package dev.gatewright.cli;

/// Ends a command: a sentence for standard error, and an exit code.
final class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /// @param exitCode one of [ExitCode]
  CommandFailed(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  /// The sentence.
  String sentence() {
    return String.valueOf(getMessage());
  }

  int exitCode() {
    return exitCode;
  }
}
