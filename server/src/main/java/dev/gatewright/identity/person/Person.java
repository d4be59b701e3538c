package dev.gatewright.identity.person;

/// Somebody who may sign in.
///
/// @param id `per_…`
/// @param email as its owner wrote it
/// @param operator runs the platform
/// @param active false = may not sign in
public record Person(String id, String email, boolean operator, boolean active) {
  /// The feed's word for what concerns persons.
  public static final String CHANGE_KIND = "person";
}
