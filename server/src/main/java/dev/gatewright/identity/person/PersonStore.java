package dev.gatewright.identity.person;

import dev.gatewright.id.Ids;
import dev.gatewright.mail.EmailAddress;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of persons. They belong to no tenant: memberships say where they belong.
public final class PersonStore {
  private static final int HANDLE_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private PersonStore() {}

  /// Whoever has this address; null rows of deleted persons do not count.
  public static Optional<Person> find(Handle handle, EmailAddress email) {
    return find(handle, "email_key", email.key());
  }

  public static Optional<Person> byId(Handle handle, String id) {
    return find(handle, "id", id);
  }

  private static Optional<Person> find(Handle handle, String column, String value) {
    return handle
        .createQuery(
            "SELECT id, email, operator, state FROM person WHERE "
                + column
                + " = :value AND deleted_millis IS NULL")
        .bind("value", value)
        .map((row, _) ->
            new Person(
                row.getString(1),
                row.getString(2),
                row.getLong(3) == 1,
                row.getString(4).equals("active")))
        .findOne();
  }

  /// The person of this address, made if there is none. Of several who try at once one makes it and
  /// all find it.
  public static Person findOrInsert(Handle handle, EmailAddress email, long nowMillis) {
    byte[] random = new byte[HANDLE_BYTES];
    RANDOM.nextBytes(random);
    handle
        .createUpdate(
            """
            INSERT INTO person
              (id, email, email_key, handle, operator, state, version, created_millis)
            VALUES (:id, :email, :key, :handle, 0, 'active', 1, :now)
            ON CONFLICT (email_key) WHERE deleted_millis IS NULL DO NOTHING\
            """)
        .bind("id", Ids.uuid7("per_", nowMillis))
        .bind("email", email.text())
        .bind("key", email.key())
        .bind("handle", Base64.getUrlEncoder().withoutPadding().encodeToString(random))
        .bind("now", nowMillis)
        .execute();
    return find(handle, email).orElseThrow();
  }

  /// What stands for a person in authenticators.
  public static String handle(Handle handle, String id) {
    return handle
        .createQuery("SELECT handle FROM person WHERE id = :id")
        .bind("id", id)
        .mapTo(String.class)
        .one();
  }

  public static long createdMillis(Handle handle, String id) {
    return handle
        .createQuery("SELECT created_millis FROM person WHERE id = :id")
        .bind("id", id)
        .mapTo(Long.class)
        .one();
  }

  public static void makeOperator(Handle handle, String personId) {
    handle
        .createUpdate(
            """
            UPDATE person SET operator = 1, state = 'active', version = version + 1
            WHERE id = :id\
            """)
        .bind("id", personId)
        .execute();
  }
}
