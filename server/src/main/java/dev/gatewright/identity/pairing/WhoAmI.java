package dev.gatewright.identity.pairing;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Principal;
import dev.gatewright.identity.person.Person;
import dev.gatewright.identity.person.PersonStore;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyStore;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Permission;
import dev.gatewright.store.Database;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Tells a caller who it is here.
public final class WhoAmI {
  private final Database database;

  public WhoAmI(Database database) {
    this.database = database;
  }

  public ApiRoute route() {
    return ApiRoute.get("/api/auth/whoami", Access.of(Permission.ORG_READ), this::answer);
  }

  /// @param kind `key`, `person`, `operator` or `local`
  /// @param id `key_…`, `per_…` or `local`
  /// @param name a key's
  /// @param email of the person, or of the member whose key it is
  /// @param expiresAt a key's end; null = never
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record View(
      String kind,
      String id,
      @Nullable String name,
      @Nullable String email,
      String organizationId,
      @Nullable Instant expiresAt) {}

  /// GET /api/auth/whoami
  private Answer answer(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    String organization = caller.tenant().organizationId();
    return Answer.ok(
        switch (caller.principal()) {
          case Principal.KeyHolder key ->
              database.read(handle -> ofKey(handle, organization, key.keyId()));
          case Principal.InOrganization person ->
              person("person", person.session().personId(), person.session().email(), organization);
          case Principal.Person person ->
              person("person", person.session().personId(), person.session().email(), organization);
          case Principal.Operator operator ->
              person(
                  "operator",
                  operator.session().personId(),
                  operator.session().email(),
                  organization);
          case Principal.Local _ -> new View("local", "local", null, null, organization, null);
        });
  }

  private static View person(String kind, String id, String email, String organization) {
    return new View(kind, id, null, email, organization, null);
  }

  private static View ofKey(Handle handle, String organization, String id) {
    ApiKey key = KeyStore.find(handle, organization, id).orElseThrow().key();
    String owner = key.owner();
    String email =
        owner == null ? null : PersonStore.byId(handle, owner).map(Person::email).orElse(null);
    Long expires = key.expiresMillis();
    return new View(
        "key",
        id,
        key.name(),
        email,
        organization,
        expires == null ? null : Instant.ofEpochMilli(expires));
  }
}
