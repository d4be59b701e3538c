package dev.gatewright;

import dev.gatewright.account.ClosedOrganizations;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.KeyPepper;
import dev.gatewright.key.KeysConfig;
import dev.gatewright.key.LocalAdmin;
import dev.gatewright.key.change.FirstStart;
import dev.gatewright.key.change.KeyApi;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.key.change.KeyLists;
import dev.gatewright.key.change.KeyPreview;
import dev.gatewright.key.change.KeyVerdict;
import dev.gatewright.key.change.Reachable;
import dev.gatewright.key.lookup.ForeignKeys;
import dev.gatewright.key.lookup.KeyDirectory;
import dev.gatewright.key.lookup.KeyLimits;
import dev.gatewright.key.lookup.KeyUse;
import dev.gatewright.key.migration.KeyExports;
import dev.gatewright.key.migration.KeyFileWatch;
import dev.gatewright.key.migration.KeyImports;
import dev.gatewright.key.migration.KeyMigrationApi;
import dev.gatewright.policy.PolicyViews;
import dev.gatewright.secret.PurposeKeys;
import dev.gatewright.store.Database;
import dev.gatewright.store.Lane;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import dev.gatewright.ticket.Tickets;
import org.jspecify.annotations.Nullable;

/// The wiring of keys, tickets and their audit: everything about keys that one process needs, in
/// dependency order.
///
/// @param first what this start found or made
/// @param localAdmin the command line's key of this start
public record Keys(
    AuditLog audit,
    KeyPepper pepper,
    KeyChanges changes,
    KeyLists lists,
    FirstStart first,
    LocalAdmin localAdmin,
    KeyUse use,
    ForeignKeys foreign,
    KeyImports imports,
    KeyExports exports,
    PolicyViews policies,
    KeyDirectory directory,
    Tickets tickets)
    implements AutoCloseable {

  /// Blocks while the first organization is being found or made.
  public static Keys start(Database database, ChangeFeed feed, PurposeKeys purposes, Time time) {
    Database lookUps = database.on(Lane.LOOK_UPS);
    AuditLog audit = new AuditLog(purposes, time);
    KeyPepper pepper = new KeyPepper(purposes);
    ForeignKeys foreign = ForeignKeys.open(lookUps, feed, pepper);
    KeyChanges changes = new KeyChanges(database, feed, audit, pepper, foreign, time);
    KeyLists lists = new KeyLists(database, foreign, time);
    KeyImports imports = new KeyImports(database, feed, audit, pepper, time);
    KeyExports exports = new KeyExports(database, audit, time);
    FirstStart first = FirstStart.run(database, changes, audit, time);
    LocalAdmin local = LocalAdmin.mint(first.owner(), time);
    KeyUse use = new KeyUse(database, audit, time);
    PolicyViews policies = new PolicyViews(lookUps, feed, time);
    KeyDirectory directory =
        new KeyDirectory(
            lookUps,
            feed,
            pepper,
            time,
            local,
            use,
            foreign,
            policies,
            ClosedOrganizations.follow(lookUps, feed),
            KeyLimits.DEFAULT);
    Tickets tickets = new Tickets(lookUps, directory, purposes, time);
    return new Keys(
        audit, pepper, changes, lists, first, local, use, foreign, imports, exports, policies,
        directory, tickets);
  }

  public KeyApi api(Reachable reachable, Time time) {
    return new KeyApi(
        changes,
        lists,
        new KeyVerdict(lists, pepper, localAdmin, foreign, time),
        new KeyPreview(policies, reachable),
        time);
  }

  public KeyMigrationApi migrationApi(Time time) {
    return new KeyMigrationApi(imports, exports, lists, pepper, time);
  }

  /// Null when no file is to be watched.
  public @Nullable KeyFileWatch watch(KeysConfig config, Time time) {
    return KeyFileWatch.start(config, first.owner(), foreign, pepper, time);
  }

  @Override
  public void close() {
    use.close();
  }
}
