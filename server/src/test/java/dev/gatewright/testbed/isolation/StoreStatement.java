package dev.gatewright.testbed.isolation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A statement that can be run: what a store puts together at run time is put together here.
///
/// @param sql whole, with named parameters
/// @param tables by the name it has in the statement
record StoreStatement(String sql, Map<String, String> tables) {
  private static final Pattern TABLE =
      Pattern.compile("\\b(?:FROM|JOIN|UPDATE|INTO)\\s+([a-z_]+)(?:\\s+(?:AS\\s+)?([a-z])\\b)?");
  private static final Pattern LITERAL =
      Pattern.compile("(?:\\b([a-z])\\.)?\\b([a-z_]+) (=|<>|<|IN) \\(?(?:'([^']+)'|([0-9]+))");
  private static final Pattern PARAMETER = Pattern.compile("(?<!:):([a-zA-Z][a-zA-Z0-9_]*)");
  private static final Pattern LISTED = Pattern.compile("<([a-z]+)>");

  /// How a piece is made a statement: the store, how the piece begins, what stands before and
  /// after.
  private static final String[][] PIECES = {
    {"KeyStore", "(SELECT s.key_id", "SELECT id FROM api_key k WHERE k.id IN ", ""},
    {"RuleStore", "FROM rule", "SELECT id ", ""},
    {"UsageSumStore", "WHERE", "SELECT id FROM usage_attempt ", ""},
    {"UsageFoldStore", "FROM usage_rollup", "SELECT model ", ""},
    {"BudgetStore", "AND (b.", "SELECT b.id FROM budget b WHERE b.deleted_millis = 0 ", ""},
    {"BudgetStore", "AND b.", "SELECT b.id FROM budget b WHERE b.deleted_millis = 0 ", ""},
    {
      "AuditStore",
      "AND seq",
      "SELECT seq FROM audit_entry WHERE organization_id = :organizationId ",
      ""
    },
  };

  /// What is filled in at run time.
  private static final Map<String, String> FILLED =
      Map.of(
          "<table>", "rule",
          "<key>", "id",
          "%1$s", "key_id",
          "%2$s", "attempts",
          "%3$s", "key_id",
          "%4$s", "1 = 1",
          "%5$s", "requests DESC, grp",
          "%6$s", "",
          "%s", "");

  static StoreStatement of(String store, String text) {
    String sql = text.replace("\u0001", "").strip();
    for (String[] piece : PIECES) {
      if (store.equals(piece[0]) && sql.startsWith(piece[1])) {
        sql = piece[2] + sql + piece[3];
      }
    }
    for (Map.Entry<String, String> each : FILLED.entrySet()) {
      sql = sql.replace(each.getKey(), each.getValue());
    }
    sql = named(LISTED.matcher(sql).replaceAll(":$1"));
    if (!sql.toUpperCase(Locale.ROOT).matches("(?s)(SELECT|UPDATE|DELETE|INSERT|WITH)\\b.*")) {
      throw new AssertionError(
          "%s: a piece of a statement (expected: how it is made whole, in StoreStatement.PIECES): %s"
              .formatted(store, sql));
    }
    Map<String, String> tables = new LinkedHashMap<>();
    Matcher table = TABLE.matcher(sql);
    while (table.find()) {
      tables.putIfAbsent(table.group(2) == null ? table.group(1) : table.group(2), table.group(1));
    }
    return new StoreStatement(sql, tables);
  }

  /// Parameters by place get names.
  private static String named(String sql) {
    StringBuilder named = new StringBuilder();
    int place = 0;
    for (int i = 0; i < sql.length(); i++) {
      if (sql.charAt(i) == '?') {
        named.append(":place").append(place++).append("_");
      } else {
        named.append(sql.charAt(i));
      }
    }
    return named.toString();
  }

  boolean reads() {
    return sql.startsWith("SELECT") || sql.startsWith("WITH");
  }

  boolean returns() {
    return reads() || sql.contains("RETURNING");
  }

  /// Adds the words it compares columns with.
  void words(Map<String, Map<String, List<String>>> words) {
    for (String table : tables.values()) {
      words.computeIfAbsent(table, _ -> new LinkedHashMap<>());
    }
    Matcher literal = LITERAL.matcher(sql);
    while (literal.find()) {
      String word = literal.group(4);
      if (word == null) {
        long number = Long.parseLong(literal.group(5));
        word = Long.toString(literal.group(3).equals("<") ? number - 1 : number);
      }
      for (Map.Entry<String, String> table : tables.entrySet()) {
        if (literal.group(1) == null || literal.group(1).equals(table.getKey())) {
          List<String> known =
              Objects.requireNonNull(words.get(table.getValue()))
                  .computeIfAbsent(literal.group(2), _ -> new ArrayList<>());
          if (!known.contains(word)) {
            known.add(word);
          }
          // Rows of any other word are what it is about then.
          String other = word + "-not";
          if (literal.group(3).equals("<>") && literal.group(4) != null && !known.contains(other)) {
            known.add(other);
          }
        }
      }
    }
  }

  /// Its parameters, for a tenant that asks with what a row has.
  ///
  /// @param asking whose statement it is
  /// @param tenant whose row it is
  Map<String, Object> parameters(Twins twins, int asking, int tenant, int kind) {
    Map<String, Object> values = new LinkedHashMap<>();
    Matcher parameter = PARAMETER.matcher(sql);
    while (parameter.find()) {
      String name = parameter.group(1);
      if (!values.containsKey(name)) {
        Object value = value(twins, name, asking, tenant, kind);
        if (value == null) {
          throw new AssertionError(
              ":%s: nothing tells what it is (expected: a comparison with a column) in %s"
                  .formatted(name, sql));
        }
        values.put(name, value);
      }
    }
    return values;
  }

  private @Nullable Object value(Twins twins, String name, int asking, int tenant, int kind) {
    Matcher compared =
        Pattern.compile(
                "(?:\\b([a-z])\\.)?\\b([a-z_][a-z_0-9]*)\\s*(=|<>|<=|>=|<|>|IN \\((?:'', )?)\\s*:"
                    + name
                    + "\\b")
            .matcher(sql);
    while (compared.find()) {
      String column = compared.group(2);
      if (column.equals("organization_id")) {
        return Twins.TENANTS.get(asking);
      }
      String table = table(twins, compared.group(1), column);
      if (table != null) {
        Object value = twins.like(table, column, tenant, kind);
        return value instanceof Long number
            ? (Object) near(number, compared.group(3))
            : text(value, compared.group(3));
      }
    }
    if (sql.contains("LIMIT :" + name)) {
      return 100L;
    }
    if (sql.contains("OFFSET :" + name)) {
      return 0L;
    }
    if (sql.contains("+ :" + name) || sql.contains("(:" + name + " = ")) {
      return 1L;
    }
    return sql.contains("<= :" + name) ? (Long) 1_000_000_000L : null;
  }

  private @Nullable String table(Twins twins, @Nullable String alias, String column) {
    if (alias != null) {
      String table = tables.get(alias);
      return table != null && twins.has(table, column) ? table : null;
    }
    return tables.values().stream()
        .filter(table -> twins.has(table, column))
        .findFirst()
        .orElse(null);
  }

  /// So that the row itself fits.
  private static long near(long number, String comparison) {
    return switch (comparison) {
      case "<" -> number + 1;
      case ">" -> number - 1;
      default -> number;
    };
  }

  private static Object text(Object value, String comparison) {
    return switch (comparison) {
      case "<" -> value + "~";
      case ">" -> "";
      default -> value;
    };
  }
}
