package dev.gatewright.cli.output;

/// Ends a command: a sentence for standard error, and an exit code.
public final class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /// @param exitCode one of [ExitCode]
  public CommandFailed(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  /// The sentence.
  public String sentence() {
    return String.valueOf(getMessage());
  }

  public int exitCode() {
    return exitCode;
  }
}
