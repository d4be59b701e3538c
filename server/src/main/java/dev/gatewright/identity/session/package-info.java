/// Sessions: the cookie, the row behind it, and what guards both.
@NullMarked
package dev.gatewright.identity.session;

import org.jspecify.annotations.NullMarked;
