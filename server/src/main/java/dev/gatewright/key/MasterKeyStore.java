package dev.gatewright.key;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of the proof that a master key is the one the database's secrets were made with.
final class MasterKeyStore {
  private MasterKeyStore() {}

  /// The proof stored at the first start; empty when there is none.
  static Optional<String> proof(Handle handle) {
    return handle
        .createQuery("SELECT proof FROM master_key_check WHERE id = 1")
        .mapTo(String.class)
        .findOne();
  }

  /// Stores `proof` unless there is one already; yields the one that counts.
  static String keep(Handle handle, String proof, long nowMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO master_key_check (id, proof, at_millis) VALUES (1, :proof, :now)
            ON CONFLICT (id) DO NOTHING\
            """)
        .bind("proof", proof)
        .bind("now", nowMillis)
        .execute();
    return proof(handle).orElseThrow();
  }
}
