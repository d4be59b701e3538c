package dev.gatewright.http1;

/// What can be wrong with a chunked body.
public enum ChunkFault {
  SIZE("a chunk's size is not 1 to 15 hexadecimal digits followed by CR LF"),
  END("a chunk is longer than it says"),
  LINE_FEED("a line of the chunked coding does not end with CR LF"),
  EXTENSION("a chunk extension is malformed or too long"),
  TRAILER("a trailer line is malformed"),
  TRAILERS_TOO_LONG("the trailers are longer than 8 KiB");

  private final String message;

  ChunkFault(String message) {
    this.message = message;
  }

  public String message() {
    return message;
  }
}
