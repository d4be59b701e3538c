package dev.gatewright.llm.simulator.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One try at an instance: values that several schemas allow together, nested no deeper than it is
/// told. Confined to one thread.
final class Maker {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int ELEMENTS_MAX = 10_000;

  /// Calls of [#choose] within each other: what the stack has room for, several times over.
  private static final int OPEN_MAX = 300;

  private final Refs refs;
  private final Fits fits;
  private final Work work;
  private final Taste taste;
  private final int nestingMax;
  private int nesting;
  private int open;
  private boolean tooDeep;
  private int chars;

  /// What is made where there is a choice: the smallest first; the others are for schemas that do
  /// not like the smallest (`not`, `oneOf`).
  enum Taste {
    SMALL,
    /// Optional members as well.
    GENEROUS,
    /// Numbers with a fraction.
    BROKEN,
    /// Numbers below zero.
    NEGATIVE
  }

  Maker(Refs refs, Fits fits, Work work, Taste taste, int nestingMax) {
    this.refs = refs;
    this.fits = fits;
    this.work = work;
    this.taste = taste;
    this.nestingMax = nestingMax;
  }

  /// A branch was given up because of its depth: a deeper try may do better.
  boolean wasTooDeep() {
    return tooDeep;
  }

  /// Null when this try finds none.
  @Nullable JsonNode make(List<JsonNode> schemas, long seed) {
    work.spend(1);
    Facets facets = Facets.of(schemas, refs, work);
    return facets == null ? null : choose(facets, seed & Long.MAX_VALUE);
  }

  private @Nullable JsonNode choose(Facets facets, long seed) {
    if (open == OPEN_MAX) {
      throw new Work.Exhausted();
    }
    open++;
    try {
      return firstFitting(facets, seed);
    } finally {
      open--;
    }
  }

  /// Takes the first branch of the first choice that leads to a value which keeps the choice.
  private @Nullable JsonNode firstFitting(Facets facets, long seed) {
    Facets.Choice choice = facets.firstChoice();
    if (choice == null) {
      return plain(facets.schemas(), seed);
    }
    for (List<JsonNode> branch : choice.branches()) {
      work.spend(1);
      Facets chosen = facets.with(choice, branch, refs, work);
      JsonNode value = chosen == null ? null : choose(chosen, seed);
      if (value != null && fits.fits(choice.of(), value)) {
        return value;
      }
    }
    return null;
  }

  private @Nullable JsonNode plain(List<JsonNode> schemas, long seed) {
    for (JsonNode schema : schemas) {
      if (schema.has("const")) {
        return schema.get("const");
      }
      JsonNode values = schema.path("enum");
      if (values.isArray()) {
        return listed(values, schemas, seed);
      }
    }
    for (String type : Types.common(schemas)) {
      JsonNode value = ofType(type, schemas, seed);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private @Nullable JsonNode listed(JsonNode values, List<JsonNode> schemas, long seed) {
    int size = values.size();
    for (int i = 0; i < size; i++) {
      JsonNode value = values.get((int) Math.floorMod(seed + i, (long) size));
      if (schemas.stream().allMatch(schema -> fits.fits(schema, value))) {
        return value;
      }
    }
    return null;
  }

  private @Nullable JsonNode ofType(String type, List<JsonNode> schemas, long seed) {
    return switch (type) {
      case "object" -> nested(() -> object(schemas, seed));
      case "array" -> nested(() -> array(schemas, seed));
      case "string" -> {
        String text = Texts.fitting(schemas, seed, work);
        written(text == null ? 0 : text.length());
        yield text == null ? null : TextNode.valueOf(text);
      }
      case "integer", "number" -> number(schemas, type.equals("integer"), seed);
      case "boolean" -> BooleanNode.valueOf(seed % 2 == 0);
      default -> NullNode.instance;
    };
  }

  private @Nullable JsonNode number(List<JsonNode> schemas, boolean whole, long seed) {
    double wanted =
        switch (taste) {
          case BROKEN -> seed % 10 + (whole ? 0 : 0.5);
          case NEGATIVE -> -1 - seed % 10;
          default -> seed % 10;
        };
    Double picked = NumberRange.of(schemas).pick(whole, wanted);
    if (picked == null) {
      return null;
    }
    double value = picked;
    if (value == Math.rint(value)) {
      return Math.abs(value) < 1e15
          ? NODES.numberNode((long) value)
          : NODES.numberNode(new BigDecimal(value).toBigInteger());
    }
    return NODES.numberNode(value);
  }

  private @Nullable JsonNode nested(java.util.function.Supplier<@Nullable JsonNode> inner) {
    if (nesting == nestingMax) {
      tooDeep = true;
      return null;
    }
    nesting++;
    try {
      return inner.get();
    } finally {
      nesting--;
    }
  }

  private @Nullable JsonNode object(List<JsonNode> schemas, long seed) {
    ObjectNode object = NODES.objectNode();
    Set<String> names = required(schemas);
    if (taste == Taste.GENEROUS) {
      schemas.forEach(
          schema -> schema.path("properties").fieldNames().forEachRemaining(names::add));
    }
    for (String name : names) {
      if (!member(object, name, schemas, seed) && isRequired(name, schemas)) {
        return null;
      }
    }
    int wanted = most(schemas, "minProperties");
    for (JsonNode schema : schemas) {
      for (String name : (Iterable<String>) () -> schema.path("properties").fieldNames()) {
        if (object.size() < wanted) {
          member(object, name, schemas, seed);
        }
      }
    }
    for (int i = 0; object.size() < wanted && i < wanted; i++) {
      if (!member(object, "extra" + i, schemas, seed)) {
        return null;
      }
    }
    return object;
  }

  private Set<String> required(List<JsonNode> schemas) {
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode schema : schemas) {
      for (JsonNode name : schema.path("required")) {
        work.spend(1);
        names.add(name.asText());
      }
    }
    List<String> open = new ArrayList<>(names);
    while (!open.isEmpty()) {
      String name = open.removeLast();
      for (JsonNode schema : schemas) {
        work.spend(1);
        for (JsonNode other : schema.path("dependentRequired").path(name)) {
          if (names.add(other.asText())) {
            open.add(other.asText());
          }
        }
      }
    }
    return names;
  }

  private static boolean isRequired(String name, List<JsonNode> schemas) {
    for (JsonNode schema : schemas) {
      for (JsonNode one : schema.path("required")) {
        if (one.asText().equals(name)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean member(ObjectNode object, String name, List<JsonNode> schemas, long seed) {
    if (object.has(name)) {
      return true;
    }
    List<JsonNode> inner = new ArrayList<>();
    for (JsonNode schema : schemas) {
      JsonNode known = schema.path("properties").path(name);
      JsonNode used =
          known.isMissingNode() && !schema.has("patternProperties")
              ? schema.path("additionalProperties")
              : known;
      if (!used.isMissingNode()) {
        inner.add(used);
      }
    }
    written(name.length() + 4);
    JsonNode value = make(inner, seed * 31 + name.hashCode());
    if (value == null) {
      return false;
    }
    object.set(name, value);
    return true;
  }

  private @Nullable JsonNode array(List<JsonNode> schemas, long seed) {
    int wanted = most(schemas, "minItems");
    List<JsonNode> contained = new ArrayList<>();
    boolean unique = false;
    int contains = 0;
    for (JsonNode schema : schemas) {
      if (schema.has("contains")) {
        contained.add(schema.get("contains"));
        contains = Math.max(contains, schema.path("minContains").asInt(1));
      }
      unique |= schema.path("uniqueItems").asBoolean(false);
    }
    wanted = Math.max(wanted, contains);
    if (wanted > ELEMENTS_MAX) {
      throw new Work.Exhausted();
    }
    ArrayNode array = NODES.arrayNode();
    for (int i = 0; i < wanted; i++) {
      JsonNode value = element(array, schemas, i < contains ? contained : List.of(), unique, seed);
      if (value == null) {
        return null;
      }
      array.add(value);
      written(2);
    }
    return array;
  }

  private @Nullable JsonNode element(
      ArrayNode array,
      List<JsonNode> schemas,
      List<JsonNode> contained,
      boolean unique,
      long seed) {
    List<JsonNode> inner = new ArrayList<>(contained);
    for (JsonNode schema : schemas) {
      JsonNode items = Items.at(schema, array.size());
      if (!items.isMissingNode()) {
        inner.add(items);
      }
    }
    int tries = unique ? array.size() + 8 : 1;
    for (int i = 0; i < tries; i++) {
      work.spend(1 + (unique ? array.size() / 8 : 0));
      JsonNode value = make(inner, seed + array.size() + i);
      if (value == null || !unique || !contains(array, value)) {
        return value;
      }
    }
    return null;
  }

  private static boolean contains(ArrayNode array, JsonNode value) {
    for (JsonNode one : array) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static int most(List<JsonNode> schemas, String keyword) {
    return schemas.stream().mapToInt(schema -> schema.path(keyword).asInt(0)).max().orElse(0);
  }

  private void written(int more) {
    chars += more;
    if (chars > 4 * SchemaInstance.CHARS_MAX) {
      throw new Work.Exhausted();
    }
  }
}
