package dev.gatewright.key;

import dev.gatewright.audit.AuditLog;
import dev.gatewright.secret.MasterKey;
import dev.gatewright.store.ChangeFeed;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;

/// The wiring of this package: everything about keys that one process needs, in dependency order.
///
/// @param first what this start found or made
/// @param localAdmin the command line's key of this start
public record Keys(
    AuditLog audit,
    KeyPepper pepper,
    KeyChanges changes,
    FirstStart first,
    LocalAdmin localAdmin,
    KeyUse use,
    ForeignKeys foreign,
    KeyImports imports,
    KeyDirectory directory,
    Tickets tickets)
    implements AutoCloseable {

  /// Blocks while the first organization is being found or made.
  public static Keys start(Database database, ChangeFeed feed, MasterKey master, Time time) {
    AuditLog audit = new AuditLog(master, time);
    KeyPepper pepper = new KeyPepper(master);
    ForeignKeys foreign = ForeignKeys.open(database, feed, pepper);
    KeyChanges changes = new KeyChanges(database, feed, audit, pepper, foreign, time);
    KeyImports imports = new KeyImports(database, feed, audit, pepper, time);
    FirstStart first = FirstStart.run(database, changes, audit, time);
    LocalAdmin local = LocalAdmin.mint(first.owner(), time);
    KeyUse use = new KeyUse(database, audit, time);
    KeyDirectory directory =
        new KeyDirectory(database, feed, pepper, time, local, use, foreign, KeyLimits.DEFAULT);
    Tickets tickets = new Tickets(database, directory, master, time);
    return new Keys(
        audit, pepper, changes, first, local, use, foreign, imports, directory, tickets);
  }

  @Override
  public void close() {
    use.close();
  }
}
