package dev.gatewright.testbed.isolation;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A `*Store` class with the tenant's condition taken out of one of its statements: the text of the
/// SQL stands in the constants of the class file.
///
/// @param file relative to the folder of classes
/// @param constant which of its constants
/// @param sql as it is
record StoreMutant(Path file, int constant, String sql) {
  private static final Pattern CONDITION =
      Pattern.compile(
          "(?<!SET )(?<!,\\s{1,20})((?:[a-z]\\.)?organization_id = (?::[a-zA-Z]+|\\?))");
  private static final Path CLASSES =
      Path.of(System.getProperty("basedir", "."), "target", "classes");
  private static final int UTF8 = 1;

  String store() {
    return file.getFileName().toString().replace(".class", "");
  }

  String name() {
    return store() + ": " + sql.strip().replaceAll("\\s+", " ");
  }

  /// The statement without the tenant's condition.
  String forgetful() {
    return forgetful(sql);
  }

  private static String forgetful(String text) {
    return CONDITION
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement("(" + found.group(1) + " OR 1 = 1)"));
  }

  /// The one statement of a store that reads and holds these words; `$` = its end. The order in
  /// which a class file holds its texts is the compiler's.
  static StoreMutant of(List<StoreMutant> all, String store, String words) {
    List<StoreMutant> found =
        all.stream()
            .filter(each -> each.name().startsWith(store + ": SELECT"))
            .filter(each -> (each.name() + "$").contains(words))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(
          "%s: %d statements with %s (expected: 1): %s"
              .formatted(
                  store, found.size(), words, found.stream().map(StoreMutant::name).toList()));
    }
    return found.getFirst();
  }

  /// Every statement with such a condition.
  static List<StoreMutant> all() throws IOException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(CLASSES)) {
      files =
          tree.filter(file -> file.getFileName().toString().matches("[A-Za-z]+Store\\.class"))
              .sorted()
              .toList();
    }
    List<StoreMutant> all = new ArrayList<>();
    for (Path file : files) {
      List<String> texts = texts(Files.readAllBytes(file));
      for (int i = 0; i < texts.size(); i++) {
        if (CONDITION.matcher(texts.get(i)).find() && !isPiece(texts, i)) {
          all.add(new StoreMutant(CLASSES.relativize(file), i, texts.get(i)));
        }
      }
    }
    return all;
  }

  /// A constant of the source that the compiler has put into the statements that hold it.
  private static boolean isPiece(List<String> texts, int index) {
    String text = texts.get(index);
    return text.startsWith(" ")
        && texts.stream().anyMatch(other -> !other.equals(text) && other.contains(text));
  }

  /// Writes the class below `folder`.
  void write(Path folder) throws IOException {
    Path target = folder.resolve(file.toString());
    Files.createDirectories(target.getParent());
    Files.write(target, mutated(Files.readAllBytes(CLASSES.resolve(file.toString()))));
  }

  private static List<String> texts(byte[] classFile) throws IOException {
    List<String> texts = new ArrayList<>();
    walk(
        classFile,
        (index, text) -> {
          texts.add(text);
          return text;
        });
    return texts;
  }

  private byte[] mutated(byte[] classFile) throws IOException {
    return walk(classFile, (index, text) -> index == constant ? forgetful(text) : text);
  }

  private interface Edit {
    String text(int index, String text);
  }

  /// The class file with its texts edited: magic, versions, the pool of constants (JVMS §4.4), the
  /// rest as it is.
  private static byte[] walk(byte[] classFile, Edit edit) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(in.readLong());
    int count = in.readUnsignedShort();
    out.writeShort(count);
    int texts = 0;
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      out.writeByte(tag);
      if (tag == UTF8) {
        out.writeUTF(edit.text(texts++, in.readUTF()));
      } else {
        out.write(in.readNBytes(length(tag)));
        // Longs and doubles take two places.
        i += tag == 5 || tag == 6 ? 1 : 0;
      }
    }
    out.write(in.readAllBytes());
    return bytes.toByteArray();
  }

  private static int length(int tag) {
    return switch (tag) {
      case 7, 8, 16, 19, 20 -> 2;
      case 15 -> 3;
      case 3, 4, 9, 10, 11, 12, 17, 18 -> 4;
      case 5, 6 -> 8;
      default -> throw new IllegalStateException("constant of kind " + tag);
    };
  }
}
