package dev.gatewright.cli.output;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.util.Map;

/// What surrounds a command, passed in so that tests can be the shell.
///
/// @param out results only
/// @param err all else
/// @param interactive a person sits at it
public record Terminal(
    BufferedReader in,
    PrintWriter out,
    PrintWriter err,
    Map<String, String> environment,
    boolean interactive) {

  /// A result.
  public void print(String line) {
    out.println(line);
    out.flush();
  }

  /// A remark.
  public void say(String line) {
    err.println(line);
    err.flush();
  }
}
