package dev.gatewright.platform.doctor;

/// What one look found.
///
/// @param id stays the same for scripts
/// @param message what is so
/// @param remedy what to do about it; empty when nothing is to be done
public record Finding(String id, Status status, String message, String remedy) {
  public enum Status {
    OK("ok"),
    WARNING("warning"),
    ERROR("error"),
    SKIPPED("skipped");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  public static Finding ok(String id, String message) {
    return new Finding(id, Status.OK, message, "");
  }

  public static Finding warning(String id, String message, String remedy) {
    return new Finding(id, Status.WARNING, message, remedy);
  }

  public static Finding error(String id, String message, String remedy) {
    return new Finding(id, Status.ERROR, message, remedy);
  }

  public static Finding skipped(String id, String message) {
    return new Finding(id, Status.SKIPPED, message, "");
  }
}
