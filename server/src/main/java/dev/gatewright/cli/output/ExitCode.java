package dev.gatewright.cli.output;

/// What a command's end tells the shell. Scripts depend on these numbers.
public final class ExitCode {
  public static final int OK = 0;

  /// The command was not understood.
  public static final int USAGE = 1;

  /// A key that was presented or asked about is not valid.
  public static final int INVALID_KEY = 2;

  /// There is no key for the server that is meant.
  public static final int NOT_SIGNED_IN = 2;

  public static final int NOT_FOUND = 3;
  public static final int NOT_REACHABLE = 4;

  /// The server refused, or failed.
  public static final int REFUSED = 5;

  /// The chain of changes is not as it was written.
  public static final int BROKEN_CHAIN = 5;

  /// The books do not add up.
  public static final int BOOKS_DIFFER = 6;

  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
