package dev.gatewright.service.body;

import dev.gatewright.json.JsonShape;
import dev.gatewright.service.body.BodyField.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the gate acts on in the JSON bodies of one family of endpoints; all else passes unseen. The
/// mark of a field in [#shape()] is its place in the list, from 1 on. Immutable.
public final class BodyFields {
  static final BodyFields OLLAMA =
      of(
          Rule.MODEL, "model name source",
          Rule.STREAM, "stream",
          Rule.PROMPT, "prompt system messages[].content input input[]",
          Rule.KEEP_ALIVE, "keep_alive",
          Rule.CONTEXT, "options.num_ctx",
          Rule.OUTPUT, "options.num_predict");

  /// OpenAI's and Anthropic's own names, and those that llama.cpp and LM Studio add.
  static final BodyFields OPENAI =
      of(
          Rule.MODEL, "model",
          Rule.STREAM, "stream",
          Rule.PROMPT, "prompt system messages[].content messages[].content[].text input input[]",
          Rule.OUTPUT, "max_tokens max_completion_tokens max_output_tokens n_predict",
          Rule.CHOICES, "n best_of",
          Rule.KEEP_ALIVE, "ttl",
          Rule.CONTEXT, "context_length");

  /// Speech, where the model is one of several in one backend.
  static final BodyFields SPEECH = of(Rule.MODEL, "model", Rule.SPOKEN, "input text");

  /// Speech, where `model` is read by nobody, or there is none.
  static final BodyFields VOICE = of(Rule.SPOKEN, "input text", Rule.STRETCH, "length_scale");

  /// Pictures in OpenAI's form.
  static final BodyFields PICTURES = of(Rule.MODEL, "model", Rule.IMAGES, "n");

  static final BodyFields A1111 =
      of(
          Rule.EMPTY,
          """
          override_settings script_name alwayson_scripts save_images
          refiner_checkpoint hr_checkpoint_name infotext\
          """,
          Rule.SIDE,
          "width height firstphase_width firstphase_height hr_resize_x hr_resize_y",
          Rule.STEPS,
          "steps hr_second_pass_steps",
          Rule.IMAGES,
          "batch_size n_iter",
          Rule.NO_ADDRESS,
          "init_images[] mask");

  private final List<BodyField> list;
  private final JsonShape shape;

  private BodyFields(List<BodyField> list) {
    this.list = List.copyOf(list);
    Place root = new Place();
    for (int i = 0; i < list.size(); i++) {
      root.at(list.get(i).path()).mark = i + 1;
    }
    this.shape = root.shape();
  }

  private static BodyFields of(Object... rulesAndPaths) {
    List<BodyField> fields = new ArrayList<>();
    for (int i = 0; i < rulesAndPaths.length; i += 2) {
      for (String path : ((String) rulesAndPaths[i + 1]).split("\\s+", -1)) {
        fields.add(new BodyField(path, (Rule) rulesAndPaths[i]));
      }
    }
    return new BodyFields(fields);
  }

  List<BodyField> list() {
    return list;
  }

  JsonShape shape() {
    return shape;
  }

  BodyField at(int mark) {
    return list.get(mark - 1);
  }

  boolean readsModel() {
    return list.stream().anyMatch(field -> field.rule() == Rule.MODEL);
  }

  /// A shape being grown, path by path.
  private static final class Place {
    private final Map<String, Place> members = new LinkedHashMap<>();
    private @Nullable Place element;
    private int mark;

    Place at(String path) {
      Place place = this;
      for (String step : path.split("\\.", -1)) {
        String name = step.replace("[]", "");
        place = place.members.computeIfAbsent(name, _ -> new Place());
        for (int i = name.length(); i < step.length(); i += 2) {
          if (place.element == null) {
            place.element = new Place();
          }
          place = place.element;
        }
      }
      return place;
    }

    JsonShape shape() {
      List<JsonShape.Member> list = new ArrayList<>();
      members.forEach((name, place) -> list.add(JsonShape.member(name, place.shape())));
      JsonShape here =
          list.isEmpty()
              ? JsonShape.text(mark)
              : JsonShape.object(list.toArray(JsonShape.Member[]::new)).marked(mark);
      return element == null ? here : here.orArrayOf(element.shape());
    }
  }
}
