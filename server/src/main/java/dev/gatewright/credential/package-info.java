/// Who pays: stored credentials, and the ladder that finds the one a call goes out with.
@NullMarked
package dev.gatewright.credential;

import org.jspecify.annotations.NullMarked;
