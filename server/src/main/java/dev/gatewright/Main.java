package dev.gatewright;

/// Entry point of the one jar: server and command line.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.out.println("gatewright");
  }
}
