package dev.gatewright.identity.code;

import dev.gatewright.identity.person.Person;
import dev.gatewright.identity.person.PersonStore;
import dev.gatewright.mail.EmailAddress;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Who may sign in: those who are there and active, and those who may come. Every method is a part
/// of the caller's transaction. Thread-safe.
public final class People {
  private final SignUp signUp;
  private final Invited invited;

  /// Whether some organization waits for whoever has an address.
  @FunctionalInterface
  public interface Invited {
    boolean is(Handle handle, String emailKey, long nowMillis);
  }

  public People(SignUp signUp, Invited invited) {
    this.signUp = signUp;
    this.invited = invited;
  }

  /// Whether a code for this address opens anything.
  boolean mayCome(Handle handle, EmailAddress email, long nowMillis) {
    return PersonStore.find(handle, email)
        .map(Person::active)
        .orElseGet(() -> mayBeMade(handle, email, nowMillis));
  }

  /// The person of an address that was proved, made if it may be; empty when it may not sign in.
  public Optional<Person> come(Handle handle, EmailAddress email, long nowMillis) {
    Optional<Person> there = PersonStore.find(handle, email);
    if (there.isPresent()) {
      return there.filter(Person::active);
    }
    return mayBeMade(handle, email, nowMillis)
        ? Optional.of(PersonStore.findOrInsert(handle, email, nowMillis))
        : Optional.empty();
  }

  private boolean mayBeMade(Handle handle, EmailAddress email, long nowMillis) {
    return signUp.open(email) || invited.is(handle, email.key(), nowMillis);
  }
}
