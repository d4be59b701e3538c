package dev.gatewright.rest;

/// Who may call a route; stands in the document as `x-gatewright-access`. What the route's handler
/// finds as its [ApiCall#caller] follows from it.
public sealed interface Access {
  /// Whoever has the permission in the organization the call is about: a member by session, an
  /// admin key, an operator acting for it, the command line's key of this start.
  ///
  /// @param stepUp a session must have proved itself within the last minutes
  /// @param people keys may not, whatever they may do elsewhere
  /// @param fromPath the path's `{id}` is the organization's: who belongs to several need not name
  ///   it in a header as well
  record InOrganization(Permission permission, boolean stepUp, boolean people, boolean fromPath)
      implements Access {
    /// The same for dangerous acts.
    public InOrganization withStepUp() {
      return new InOrganization(permission, true, people, fromPath);
    }

    /// The same for people only (and the command line on the machine itself).
    public InOrganization byPeople() {
      return new InOrganization(permission, stepUp, true, fromPath);
    }

    /// The same where the path names the organization.
    public InOrganization inPath() {
      return new InOrganization(permission, stepUp, people, true);
    }
  }

  /// The platform's operators, by session, and the command line on the machine itself.
  record Platform(boolean stepUp) implements Access {
    /// The same for dangerous acts.
    public Platform withStepUp() {
      return new Platform(true);
    }
  }

  /// A person who is signed in, in no organization in particular.
  ///
  /// @param acting an operator who acts for an organization may too, and not only look
  /// @param ownPages a page of another origin may not even look: for event streams, which tell
  ///   without end
  record SignedIn(boolean stepUp, boolean acting, boolean ownPages) implements Access {
    /// The same for dangerous acts.
    public SignedIn withStepUp() {
      return new SignedIn(true, acting, ownPages);
    }

    /// The same for what concerns the session itself.
    public SignedIn alsoActing() {
      return new SignedIn(stepUp, true, ownPages);
    }

    /// The same for event streams.
    public SignedIn byOwnPages() {
      return new SignedIn(stepUp, acting, true);
    }
  }

  /// Who has an account here, in no organization in particular: a person who is signed in, or the
  /// command line on the machine itself. Keys have none.
  record Account() implements Access {}

  /// The command line on the machine itself and nobody else; it works while the gate is sealed.
  record Local() implements Access {}

  /// A live key, for itself.
  record LiveKey() implements Access {}

  /// A live or an admin key or, where the settings open it, a provider's credential alone. The
  /// resource asks for what it takes.
  record RoomCaller() implements Access {}

  /// No key.
  record Everybody() implements Access {}

  static InOrganization of(Permission permission) {
    return new InOrganization(permission, false, false, false);
  }

  static Platform platform() {
    return new Platform(false);
  }

  static SignedIn signedIn() {
    return new SignedIn(false, false, false);
  }

  static Access account() {
    return new Account();
  }

  static Access local() {
    return new Local();
  }

  static Access liveKey() {
    return new LiveKey();
  }

  static Access roomCaller() {
    return new RoomCaller();
  }

  static Access everybody() {
    return new Everybody();
  }

  /// The word in the document.
  default String word() {
    return switch (this) {
      case InOrganization in ->
          in.permission.word() + (in.people ? " (people)" : "") + stepUp(in.stepUp);
      case Platform platform -> "platform" + stepUp(platform.stepUp);
      case SignedIn person -> "signed-in" + stepUp(person.stepUp);
      case Account _ -> "account";
      case Local _ -> "local";
      case LiveKey _ -> "live-key";
      case RoomCaller _ -> "live-key-or-provider-credential";
      case Everybody _ -> "everybody";
    };
  }

  private static String stepUp(boolean asked) {
    return asked ? " + step-up" : "";
  }
}
