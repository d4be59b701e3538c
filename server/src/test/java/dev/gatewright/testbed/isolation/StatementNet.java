package dev.gatewright.testbed.isolation;

import dev.gatewright.store.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/// Runs each statement of a tenant, on a store that two tenants share: with what is its own and
/// with what is the other's. What it answers is what it answers where the other is not there, and
/// the other's rows stay as they are. With the tenant's condition taken out, one of the two fails.
final class StatementNet {
  /// @param faults what a statement as it is read or wrote of another tenant's
  /// @param survivors statements of which nothing shows when they forget the tenant
  record Findings(List<String> faults, Set<String> survivors) {}

  private static final class Undone extends RuntimeException {
    private static final long serialVersionUID = 1;

    Undone() {
      super(null, null, false, false);
    }
  }

  /// @param rows what it returned or how many rows it touched, and the asking tenant's rows after
  private record Outcome(Object answer, Set<String> own, Set<String> others) {}

  private record Ask(StoreMutant mutant, StoreStatement statement, StoreStatement forgetful) {}

  private final List<Ask> asks = new ArrayList<>();
  private final Map<String, Map<String, List<String>>> words = new LinkedHashMap<>();

  StatementNet(List<StoreMutant> mutants) {
    for (StoreMutant mutant : mutants) {
      StoreStatement statement = StoreStatement.of(mutant.store(), mutant.sql());
      asks.add(new Ask(mutant, statement, StoreStatement.of(mutant.store(), mutant.forgetful())));
      statement.words(words);
    }
    words.computeIfAbsent("organization", _ -> new LinkedHashMap<>());
  }

  Findings findings(Database database) {
    List<String> faults = new ArrayList<>();
    Set<String> survivors = new TreeSet<>();
    try {
      database.write(handle -> {
        faults.clear();
        survivors.clear();
        run(handle, database.kind(), faults, survivors);
        throw new Undone();
      });
    } catch (Undone _) {
      // Nothing of it stays.
    }
    return new Findings(faults, survivors);
  }

  private void run(Handle handle, Database.Kind kind, List<String> faults, Set<String> survivors) {
    try {
      Twins twins = new Twins(handle, kind, words);
      Map<String, Outcome> together = new LinkedHashMap<>();
      for (Ask ask : asks) {
        handle.savepoint("ask");
        try {
          if (!killed(handle, twins, ask, together)) {
            survivors.add(ask.mutant.name());
          }
          handle.releaseSavepoint("ask");
        } catch (RuntimeException | AssertionError e) {
          handle.rollbackToSavepoint("ask");
          faults.add("cannot be run: %s: %s".formatted(ask.mutant.name(), e.getMessage()));
        }
      }
      Set<String> others = twins.rowsOf(handle, words.keySet(), Twins.TENANTS.get(1));
      twins.forget(handle, Twins.TENANTS.get(1));
      for (Ask ask : asks) {
        for (int row = 0; row < 2 * Twins.KINDS; row += 3) {
          Outcome with = together.get(ask.mutant.name() + row);
          if (with == null) {
            break;
          }
          Outcome alone = outcome(handle, twins, ask.statement, 0, row);
          if (!alone.answer.equals(with.answer) || !alone.own.equals(with.own)) {
            faults.add("answers for another: " + ask.mutant.name());
            break;
          }
          if (!others.containsAll(with.others)) {
            faults.add("writes another's: " + ask.mutant.name());
            break;
          }
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /// @param together gets what the first tenant is answered
  private static boolean killed(
      Handle handle, Twins twins, Ask ask, Map<String, Outcome> together) {
    boolean killed = false;
    for (int row = 0; row < 2 * Twins.KINDS; row++) {
      Outcome outcome = outcome(handle, twins, ask.statement, 0, row);
      together.put(ask.mutant.name() + row, outcome);
      killed = killed || !outcome.equals(forgetful(handle, twins, ask, 0, row));
    }
    for (int row = 0; row < 2 * Twins.KINDS && !killed; row++) {
      Outcome outcome = outcome(handle, twins, ask.statement, 1, row);
      killed = !outcome.equals(forgetful(handle, twins, ask, 1, row));
    }
    return killed;
  }

  private static @Nullable Outcome forgetful(
      Handle handle, Twins twins, Ask ask, int asking, int row) {
    handle.savepoint("forgetful");
    try {
      Outcome outcome = outcome(handle, twins, ask.forgetful, asking, row);
      handle.releaseSavepoint("forgetful");
      return outcome;
    } catch (RuntimeException refused) {
      handle.rollbackToSavepoint("forgetful");
      return null;
    }
  }

  private static Outcome outcome(
      Handle handle, Twins twins, StoreStatement statement, int asking, int row) {
    Map<String, Object> parameters =
        statement.parameters(twins, asking, row / Twins.KINDS, row % Twins.KINDS);
    if (statement.reads()) {
      return new Outcome(query(handle, statement, parameters), Set.of(), Set.of());
    }
    handle.savepoint("statement");
    try {
      Object answer =
          statement.returns()
              ? query(handle, statement, parameters)
              : handle.createUpdate(statement.sql()).bindMap(parameters).execute();
      Set<String> tables = new TreeSet<>(statement.tables().values());
      return new Outcome(
          answer,
          twins.rowsOf(handle, tables, Twins.TENANTS.get(asking)),
          twins.rowsOf(handle, tables, Twins.TENANTS.get(1 - asking)));
    } catch (UnableToExecuteStatementException e) {
      if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("unique")) {
        return new Outcome("it would be there twice", Set.of(), Set.of());
      }
      throw e;
    } finally {
      handle.rollbackToSavepoint("statement");
    }
  }

  private static List<String> query(
      Handle handle, StoreStatement statement, Map<String, Object> parameters) {
    return handle
        .createQuery(statement.sql())
        .bindMap(parameters)
        .map((row, _) -> {
          StringBuilder text = new StringBuilder();
          for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            text.append(row.getString(i)).append('|');
          }
          return text.toString();
        })
        .list();
  }
}
