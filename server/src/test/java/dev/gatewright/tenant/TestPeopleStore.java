package dev.gatewright.tenant;

import java.util.Locale;
import org.jdbi.v3.core.Handle;

/// People that tests need.
public final class TestPeopleStore {
  private TestPeopleStore() {}

  public static String insert(Handle handle, String id, String email, boolean operator) {
    handle
        .createUpdate(
            """
            INSERT INTO person
              (id, email, email_key, handle, operator, state, version, created_millis)
            VALUES (:id, :email, :key, :id, :operator, 'active', 1, 1)
            ON CONFLICT (id) DO NOTHING\
            """)
        .bind("id", id)
        .bind("email", email)
        .bind("key", email.toLowerCase(Locale.ROOT))
        .bind("operator", operator ? 1L : 0L)
        .execute();
    return id;
  }
}
