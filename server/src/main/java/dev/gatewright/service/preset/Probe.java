package dev.gatewright.service.preset;

/// How a backend is asked whether it lives: a GET that costs no tokens.
///
/// @param path the backend's own
/// @param status the one that means alive; 0 = any below 500, for backends without a health route
public record Probe(String path, int status) {
  /// What a probe's answer says.
  public enum Finding {
    ALIVE,
    /// It says 503 while it loads its model: busy, not dead.
    LOADING,
    DEAD
  }

  public Finding finding(int answered) {
    if (answered == 503) {
      return Finding.LOADING;
    }
    boolean alive = status == 0 ? answered < 500 : answered == status;
    return alive ? Finding.ALIVE : Finding.DEAD;
  }
}
