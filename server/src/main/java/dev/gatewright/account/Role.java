package dev.gatewright.account;

import static dev.gatewright.account.Extent.ALL;
import static dev.gatewright.account.Extent.ALL_BUT_OWNERS;
import static dev.gatewright.account.Extent.GRANTED;
import static dev.gatewright.account.Extent.MASKED;
import static dev.gatewright.account.Extent.NONE;
import static dev.gatewright.account.Extent.OWN;
import static dev.gatewright.account.Extent.TOTALS;

import dev.gatewright.rest.Permission;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a member is in an organization, and the one table of what that allows. Printed in
/// `docs/reference/permissions.md`.
public enum Role {
  OWNER,
  ADMIN,
  /// Sees and uses the projects granted.
  DEVELOPER,
  BILLING,
  VIEWER;

  private static final Map<Permission, Map<Role, Extent>> TABLE = new EnumMap<>(Permission.class);

  static {
    // in order: owner, admin, developer, billing, viewer
    row(Permission.ORG_READ, ALL, ALL, ALL, ALL, ALL);
    row(Permission.ORG_WRITE, ALL, ALL, NONE, NONE, NONE);
    row(Permission.ORG_DELETE, ALL, NONE, NONE, NONE, NONE);
    row(Permission.ORG_OWNER, ALL, NONE, NONE, NONE, NONE);
    row(Permission.MEMBER_READ, ALL, ALL, GRANTED, NONE, ALL);
    row(Permission.MEMBER_WRITE, ALL, ALL_BUT_OWNERS, NONE, NONE, NONE);
    row(Permission.PROJECT_READ, ALL, ALL, GRANTED, NONE, ALL);
    row(Permission.PROJECT_WRITE, ALL, ALL, NONE, NONE, NONE);
    row(Permission.POLICY_READ, ALL, ALL, GRANTED, NONE, ALL);
    row(Permission.POLICY_WRITE, ALL, ALL, NONE, NONE, NONE);
    row(Permission.CREDENTIAL_READ, ALL, ALL, GRANTED, NONE, ALL);
    row(Permission.CREDENTIAL_WRITE, ALL, ALL, NONE, NONE, NONE);
    row(Permission.PROVIDER_READ, ALL, ALL, ALL, NONE, ALL);
    row(Permission.PROVIDER_WRITE, ALL, ALL, NONE, NONE, NONE);
    row(Permission.KEY_READ, ALL, ALL, OWN, NONE, MASKED);
    row(Permission.KEY_WRITE, ALL, ALL, OWN, NONE, NONE);
    row(Permission.SERVICE_READ, ALL, ALL, ALL, NONE, ALL);
    row(Permission.SERVICE_WRITE, ALL, ALL, NONE, NONE, NONE);
    row(Permission.ROOM_READ, ALL, ALL, GRANTED, NONE, ALL);
    row(Permission.ROOM_WRITE, ALL, ALL, GRANTED, NONE, NONE);
    row(Permission.USAGE_READ, ALL, ALL, GRANTED, TOTALS, TOTALS);
    row(Permission.BILLING_READ, ALL, ALL, TOTALS, ALL, NONE);
    row(Permission.BILLING_WRITE, ALL, NONE, NONE, ALL, NONE);
    row(Permission.WEBHOOK_READ, ALL, ALL, NONE, NONE, NONE);
    row(Permission.WEBHOOK_WRITE, ALL, ALL, NONE, NONE, NONE);
    row(Permission.BUDGET_READ, ALL, ALL, GRANTED, ALL, ALL);
    row(Permission.BUDGET_WRITE, ALL, ALL, NONE, ALL, NONE);
    row(Permission.AUDIT_READ, ALL, ALL, OWN, OWN, NONE);
  }

  private static void row(Permission permission, Extent... extents) {
    Map<Role, Extent> byRole = new EnumMap<>(Role.class);
    for (Role role : values()) {
      byRole.put(role, extents[byRole.size()]);
    }
    TABLE.put(permission, byRole);
  }

  /// How far this role's permission goes; [Extent#NONE] where it has it not.
  public Extent extent(Permission permission) {
    return TABLE.getOrDefault(permission, Map.of()).getOrDefault(this, Extent.NONE);
  }

  /// Whether everything this role may is also what `other` may: nobody grants beyond his own set.
  public boolean within(Role other) {
    for (Permission permission : Permission.values()) {
      if (extent(permission).compareTo(other.extent(permission)) > 0) {
        return false;
      }
    }
    return true;
  }

  /// As in JSON and in the database.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Null for a word that is none.
  public static @Nullable Role of(@Nullable String word) {
    for (Role role : values()) {
      if (role.word().equals(word)) {
        return role;
      }
    }
    return null;
  }

  /// All words, for errors.
  public static final String WORDS = "owner, admin, developer, billing or viewer";
}
