package dev.gatewright.llm.simulator.request;

import java.util.List;

/// What of a request an answer is made with; nothing in it is large.
///
/// @param id the same for the same body and no other; dialects put their prefix before it
/// @param seed ≥ 0, of the whole body as well
/// @param stream the answer comes as events
/// @param usageAsked the caller wants the usage chunk
/// @param choices how often the answer is given
/// @param tokensMax the output cap; -1 = none
/// @param topLogprobs alternatives told for each token; -1 = no log probabilities
/// @param stops texts the answer ends before
/// @param words of every text in the request: the input's tokens
/// @param inputs a hash of each text to be embedded, or of the prompt to be drawn
/// @param dimensions of an embedding
/// @param base64 embeddings come as bytes
public record Asked(
    String model,
    String id,
    long seed,
    boolean stream,
    boolean usageAsked,
    int choices,
    long tokensMax,
    int topLogprobs,
    List<String> stops,
    int words,
    List<Long> inputs,
    int dimensions,
    boolean base64) {}
