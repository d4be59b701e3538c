package dev.gatewright.identity.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatewright.account.Extent;
import dev.gatewright.account.Member;
import dev.gatewright.account.Role;
import dev.gatewright.account.SignedIn;
import dev.gatewright.rest.Permission;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who is signed in, as the console sees it.
///
/// @param csrfToken goes into `x-csrf-token` of each change
/// @param provedUntil until when dangerous acts need no other proof
/// @param acting null = for oneself
@JsonInclude(JsonInclude.Include.ALWAYS)
public record SessionView(
    PersonView person,
    boolean operator,
    List<OrganizationView> organizations,
    String csrfToken,
    Instant provedUntil,
    @Nullable ActingView acting) {
  /// Beside the word itself, of who sees single things and not totals alone.
  private static final Map<Permission, String> SINGLE =
      Map.of(
          Permission.USAGE_READ, "usage.read:calls",
          Permission.BILLING_READ, "billing.read:movements");

  /// Whose session it is.
  public record PersonView(String id, String email) {}

  /// @param role `operator` for one who acts for it
  /// @param capabilities words of permissions
  /// @param lacking words of those permissions it has not, and the roles that have them
  public record OrganizationView(
      String id,
      String name,
      String role,
      List<String> capabilities,
      Map<String, List<String>> lacking) {
    static OrganizationView of(
        String id, String name, String role, Function<Permission, Extent> extent) {
      return new OrganizationView(
          id, name, role, SessionView.capabilities(extent), SessionView.lacking(extent));
    }
  }

  /// An operator in an organization's place.
  public record ActingView(String organizationId, String reason, boolean write, Instant until) {}

  static SessionView of(SignedIn who, List<Member> places, String name, String csrfToken) {
    SignedIn.Acting acting = who.acting();
    List<OrganizationView> organizations =
        acting == null
            ? places.stream().map(SessionView::organization).toList()
            : List.of(
                OrganizationView.of(acting.organizationId(), name, "operator", acting::extent));
    return new SessionView(
        new PersonView(who.personId(), who.email()),
        who.operator(),
        organizations,
        csrfToken,
        Instant.ofEpochMilli(who.provedMillis() + SignedIn.PROOF_MILLIS),
        acting == null
            ? null
            : new ActingView(
                acting.organizationId(),
                acting.reason(),
                acting.write(),
                Instant.ofEpochMilli(acting.untilMillis())));
  }

  private static OrganizationView organization(Member place) {
    Role role = place.role();
    return OrganizationView.of(place.organizationId(), place.name(), role.word(), role::extent);
  }

  private static List<String> capabilities(Function<Permission, Extent> extent) {
    return Arrays.stream(Permission.values())
        .filter(permission -> extent.apply(permission) != Extent.NONE)
        .flatMap(permission ->
            extent.apply(permission) == Extent.TOTALS
                ? Stream.of(permission.word())
                : Stream.of(permission.word(), SINGLE.getOrDefault(permission, ""))
                    .filter(word -> !word.isEmpty()))
        .toList();
  }

  private static Map<String, List<String>> lacking(Function<Permission, Extent> extent) {
    Map<String, List<String>> lacking = new LinkedHashMap<>();
    for (Permission permission : Permission.values()) {
      if (extent.apply(permission) == Extent.NONE) {
        lacking.put(
            permission.word(),
            Arrays.stream(Role.values())
                .filter(role -> role.extent(permission) != Extent.NONE)
                .map(Role::word)
                .toList());
      }
    }
    return lacking;
  }
}
