#include <mosquitto.h>

// Since 2.1 the definitions of MQTT itself are in <mosquitto/mqtt_protocol.h>, and <mqtt_protocol.h> is only a #warning,
// which warnings as errors turn into an error. The version decides as well, so that headers of a newer libmosquitto in
// another place do not get mixed with those of an older one.
#if LIBMOSQUITTO_VERSION_NUMBER >= 2001000 && __has_include(<mosquitto/mqtt_protocol.h>)
#include <mosquitto/mqtt_protocol.h>
#else
#include <mqtt_protocol.h>
#endif
