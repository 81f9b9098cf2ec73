/** The key for what is measured of tokens. Here because keys are seen by their own package only. */
@NullMarked
package dev.gatehouse.server.keys;

import org.jspecify.annotations.NullMarked;
