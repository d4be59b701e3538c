/// How an answer reaches the caller: passed as it comes, held until it is whole, or refused for
/// what it is. The tunnel of sockets stays with the tries, which open it.
@NullMarked
package dev.gatewright.call.sink;

import org.jspecify.annotations.NullMarked;
