package dev.gatewright.tenant;

import dev.gatewright.edge.Refusal;
import dev.gatewright.rest.Problem;

/// What a change came to.
///
/// @param <T> what there is after it
public sealed interface Outcome<T> {
  /// Also when there was nothing to change.
  record Done<T>(T value) implements Outcome<T> {}

  /// No such thing, or none this caller may know of.
  ///
  /// @param noun such as `project`
  record Absent<T>(String noun) implements Outcome<T> {}

  /// It clashes with what is there.
  ///
  /// @param code for programs, such as `last_owner`
  record Conflict<T>(String code, String message) implements Outcome<T> {}

  /// The caller may not go so far.
  record Denied<T>(String message) implements Outcome<T> {}

  /// The session must prove itself again first.
  record Unproved<T>() implements Outcome<T> {}

  /// @param pointer JSON pointer of the field at fault
  /// @param message names the value and what was expected
  record Wrong<T>(String pointer, String message) implements Outcome<T> {}

  static <T> Outcome<T> done(T value) {
    return new Done<>(value);
  }

  static <T> Outcome<T> conflict(String message) {
    return new Conflict<>("conflict", message);
  }

  /// The value, for an answer.
  ///
  /// @throws Problem where there is none
  default T orProblem() {
    return switch (this) {
      case Done<T>(T value) -> value;
      case Absent<T> absent -> throw Problem.absent(absent.noun);
      case Conflict<T> conflict ->
          throw new Problem(
              Refusal.of(409, "invalid_request_error", conflict.code, conflict.message));
      case Denied<T> denied ->
          throw new Problem(
              Refusal.of(403, "permission_error", "permission_denied", denied.message)
                  .helped(
                      "Owners and admins of the organization give roles; which has what stands in"
                          + " docs/reference/permissions.md."));
      case Unproved<T> _ -> throw Problem.stepUp();
      case Wrong<T> wrong -> throw Problem.wrong(wrong.pointer, wrong.message);
    };
  }
}
