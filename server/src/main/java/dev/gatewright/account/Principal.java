package dev.gatewright.account;

import dev.gatewright.policy.Rule;
import java.util.List;
import java.util.Set;

/// Who calls the control plane, once the door has seen the proof. Immutable.
public sealed interface Principal {
  /// An admin key.
  ///
  /// @param rules the key's own: what it makes or is handed must lie within them
  /// @param manages services whose manage scope it may hand on, where it has rules
  record KeyHolder(String keyId, List<Rule> rules, List<String> manages) implements Principal {
    public KeyHolder {
      rules = List.copyOf(rules);
      manages = List.copyOf(manages);
    }
  }

  /// A person, in an organization.
  record InOrganization(SignedIn session, Member member) implements Principal {}

  /// A person, in none in particular.
  record Person(SignedIn session) implements Principal {}

  /// One who runs the platform: on its own routes, or acting for an organization.
  record Operator(SignedIn session) implements Principal {}

  /// The command line on the machine itself.
  record Local() implements Principal {}

  /// `key_…`, `per_…` or `local`: what `created_by` and the audit chain say.
  default String id() {
    return switch (this) {
      case KeyHolder key -> key.keyId;
      case InOrganization person -> person.session.personId();
      case Person person -> person.session.personId();
      case Operator operator -> operator.session.personId();
      case Local _ -> "local";
    };
  }

  /// The session it acts in; empty for who needs none.
  default String via() {
    return switch (this) {
      case KeyHolder _, Local _ -> "";
      case InOrganization person -> person.session.sessionId();
      case Person person -> person.session.sessionId();
      case Operator operator -> operator.session.sessionId();
    };
  }

  /// What sort of caller the audit chain says it was.
  default Actor.Kind kind() {
    return switch (this) {
      case KeyHolder _ -> Actor.Kind.KEY;
      case InOrganization _, Person _ -> Actor.Kind.PERSON;
      case Operator _ -> Actor.Kind.OPERATOR;
      case Local _ -> Actor.Kind.LOCAL;
    };
  }

  /// Projects that a confined permission reaches.
  default Set<String> projects() {
    return this instanceof InOrganization person ? person.member.projects() : Set.of();
  }
}
