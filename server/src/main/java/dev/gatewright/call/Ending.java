package dev.gatewright.call;

/// What an answer says of its own end, apart from what its framing says.
public sealed interface Ending {
  Ending COMPLETE = new Complete();
  Ending UNFINISHED = new Unfinished();

  /// Its last word has come; also of an answer whose form has no such word.
  record Complete() implements Ending {}

  /// It says that the call went wrong, whatever its status.
  ///
  /// @param reason in the answer's own terms, such as `overloaded_error`; at most 200 characters
  /// @param status the HTTP status that amounts to; 502 where nobody says whose fault it is
  record Failed(String reason, int status) implements Ending {}

  /// Its last word is still to come; where nothing more comes, it was cut.
  record Unfinished() implements Ending {}
}
