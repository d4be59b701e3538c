package dev.gatewright.rest;

import java.util.Locale;

/// What a caller may do in an organization. Which role has which, and how far, is one table:
/// `account/Role`.
public enum Permission {
  ORG_READ("organization"),
  ORG_WRITE("organization"),
  /// Delete and restore it.
  ORG_DELETE("organization"),
  /// Hand it to another owner.
  ORG_OWNER("organization"),
  MEMBER_READ("member"),
  MEMBER_WRITE("member"),
  PROJECT_READ("project"),
  PROJECT_WRITE("project"),
  POLICY_READ("rule"),
  POLICY_WRITE("rule"),
  CREDENTIAL_READ("credential"),
  CREDENTIAL_WRITE("credential"),
  PROVIDER_READ("provider"),
  PROVIDER_WRITE("provider"),
  KEY_READ("key"),
  KEY_WRITE("key"),
  SERVICE_READ("service"),
  SERVICE_WRITE("service"),
  ROOM_READ("room"),
  ROOM_WRITE("room"),
  USAGE_READ("usage"),
  BILLING_READ("billing"),
  BILLING_WRITE("billing"),
  WEBHOOK_READ("webhook"),
  WEBHOOK_WRITE("webhook"),
  BUDGET_READ("budget"),
  BUDGET_WRITE("budget"),
  AUDIT_READ("audit entry");

  private final String noun;

  Permission(String noun) {
    this.noun = noun;
  }

  /// As in the document, in errors and in the audit chain: `key.write`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /// What it is about, for "There is no such …".
  public String noun() {
    return noun;
  }

  /// What lets a caller know that the thing is there at all.
  public Permission read() {
    return switch (this) {
      case ORG_READ, ORG_WRITE, ORG_DELETE, ORG_OWNER -> ORG_READ;
      case MEMBER_READ, MEMBER_WRITE -> MEMBER_READ;
      case PROJECT_READ, PROJECT_WRITE -> PROJECT_READ;
      case POLICY_READ, POLICY_WRITE -> POLICY_READ;
      case CREDENTIAL_READ, CREDENTIAL_WRITE -> CREDENTIAL_READ;
      case PROVIDER_READ, PROVIDER_WRITE -> PROVIDER_READ;
      case KEY_READ, KEY_WRITE -> KEY_READ;
      case SERVICE_READ, SERVICE_WRITE -> SERVICE_READ;
      case ROOM_READ, ROOM_WRITE -> ROOM_READ;
      case USAGE_READ -> USAGE_READ;
      case BILLING_READ, BILLING_WRITE -> BILLING_READ;
      case WEBHOOK_READ, WEBHOOK_WRITE -> WEBHOOK_READ;
      case BUDGET_READ, BUDGET_WRITE -> BUDGET_READ;
      case AUDIT_READ -> AUDIT_READ;
    };
  }

  /// True for what changes nothing.
  public boolean reads() {
    return this == read();
  }
}
