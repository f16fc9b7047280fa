{{/* Names are at most 63 characters; the longest component needs 32 of them. */}}
{{- define "guichet.fullname" -}}
{{- $name := ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- $name | trunc 31 | trimSuffix "-" -}}
{{- end }}

{{- define "guichet.image" -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end }}

{{/* Labels that never change: selectors are made of them. Argument: dict root, component. */}}
{{- define "guichet.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{- define "guichet.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: {{ .root.Chart.Name }}
{{ include "guichet.selector" . }}
{{- with .service }}
guichet-service: {{ . }}
{{- end }}
{{- with .network }}
guichet-network: {{ . }}
{{- end }}
{{- end }}

{{/* Name of the Secret of a service. Argument: dict root, service. */}}
{{- define "guichet.secret" -}}
{{- $own := index .root.Values .service -}}
{{- $own.secret | default (printf "%s-%s" (include "guichet.fullname" .root) .service) -}}
{{- end }}

{{/* Seconds that the work of a service may take after the stop. Argument: dict root, facts. */}}
{{- define "guichet.drain" -}}
{{- max (int .root.Values.drainSeconds) (int (.facts.drains | default 0)) -}}
{{- end }}

{{/*
The Deployments: one for each service, or for each network of it. Gives YAML of a map from name to
service, network, consumers, signals and how it is run (defaults, overridden by the service's
section, overridden by the network's).
*/}}
{{- define "guichet.components" -}}
{{- $root := . -}}
{{- $components := dict -}}
{{- range $service, $facts := .Files.Get "files/services.yaml" | fromYaml -}}
  {{- $own := index $root.Values $service -}}
  {{- $run := mergeOverwrite (deepCopy $root.Values.defaults) (omit $own "networks" "settings" "host" "publicUrl" "secret" "smtpPassword") -}}
  {{- $split := $facts.networks | default dict -}}
  {{- if not $split.alone -}}
    {{- $_ := set $components $service (dict "service" $service "consumers" ($facts.consumers | default list) "signals" ($facts.signals | default list) "run" $run) -}}
  {{- end -}}
  {{- if $facts.networks -}}
    {{- range $network, $override := $own.networks -}}
      {{- $consumers := list -}}
      {{- range $split.consumers -}}
        {{- $consumers = append $consumers (. | replace "%s" $network) -}}
      {{- end -}}
      {{- $signals := list -}}
      {{- range ($split.signals | default $facts.signals | default list) -}}
        {{- $signals = append $signals ((. | toJson | replace "%s" $network) | fromJson) -}}
      {{- end -}}
      {{- $merged := mergeOverwrite (deepCopy $run) ($override | default dict) -}}
      {{- $_ := set $components ($split.name | replace "%s" $network) (dict "service" $service "network" $network "consumers" $consumers "signals" $signals "run" $merged) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- $components | toYaml -}}
{{- end }}

{{/* A value of TOML: YAML's numbers come as floats. */}}
{{- define "guichet.toml" -}}
{{- if kindIs "float64" . -}}
{{- if eq . (floor .) }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- else if kindIs "string" . -}}
{{ . | quote }}
{{- else if kindIs "slice" . -}}
{{ toJson . }}
{{- else -}}
{{ . }}
{{- end -}}
{{- end }}

{{/* What every process reads. Argument: root. */}}
{{- define "guichet.process" -}}
[telemetry]
log = {{ .Values.telemetry.log | quote }}
format = "json"
{{- with .Values.telemetry.otlpEndpoint }}
otlp_endpoint = {{ . | quote }}
{{- end }}
sample = {{ .Values.telemetry.sample | float64 | printf "%f" }}

[operations]
address = "{{ .Values.listen }}:8082"

[identity.trusted]
{{- range $name, $key := .Values.identity.trusted }}
{{ $name }} = {{ $key | quote }}
{{- end }}
{{- end }}

{{/*
The section of a service, without its secrets. Argument: dict root, service, facts, placeholders;
with placeholders, what the migration reads but never uses stands there empty.
*/}}
{{- define "guichet.section" -}}
{{- $root := .root -}}
{{- $own := index .root.Values .service -}}
{{- $run := mergeOverwrite (deepCopy .root.Values.defaults) (pick $own "databasePool" "relayPool") -}}
[{{ .service | replace "-" "_" }}]
{{- with .facts.rpc }}
rpc.address = "{{ $root.Values.listen }}:{{ . }}"
{{- end }}
{{- with .facts.http }}
http.address = "{{ $root.Values.listen }}:{{ . }}"
{{- end }}
database.pool = {{ int $run.databasePool }}
{{- if .facts.relay }}
relay_database.pool = {{ int $run.relayPool }}
{{- end }}
{{- if .facts.broker }}
broker.url = {{ .root.Values.broker.url | quote }}
broker.user = {{ .service | replace "-" "_" | quote }}
broker.replicas = {{ int .root.Values.broker.replicas }}
{{- end }}
{{- range $key, $peer := .facts.peers }}
{{ $key }}.address = "{{ include "guichet.fullname" $root }}-{{ $peer }}:9000"
{{- end }}
{{- if .facts.publicUrl }}
public_url = {{ $own.publicUrl | default $root.Values.gateway.publicUrl | quote }}
{{- end }}
{{- range $key, $value := $own.settings }}
{{- if kindIs "map" $value }}
{{- range $inner, $value := $value }}
{{ $key }}.{{ $inner }} = {{ include "guichet.toml" $value }}
{{- end }}
{{- else }}
{{ $key }} = {{ include "guichet.toml" $value }}
{{- end }}
{{- end }}
{{- if .placeholders }}
{{- range $key, $_ := .facts.keys }}
{{ $key }} = ""
{{- end }}
{{- if .facts.redis }}
redis.url = ""
{{- end }}
{{- end }}
{{- end }}

{{/* The databases of a service, from its Secret. Argument: dict root, service, facts. */}}
{{- define "guichet.databases" -}}
{{- $section := .service | replace "-" "_" -}}
{{- $secret := include "guichet.secret" . -}}
- name: GUICHET__{{ $section }}__database__url
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: database-url } }
{{- if .facts.relay }}
- name: GUICHET__{{ $section }}__relay_database__url
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: relay-database-url } }
{{- end }}
{{- end }}

{{/* Everything secret of a service, from its Secret. Argument: dict root, service, facts. */}}
{{- define "guichet.secrets" -}}
{{- $section := .service | replace "-" "_" -}}
{{- $secret := include "guichet.secret" . -}}
{{- if .facts.database }}{{ include "guichet.databases" . }}{{ end }}
- name: GUICHET__identity__keys__{{ $section }}
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: identity-key } }
{{- if .facts.broker }}
- name: GUICHET__{{ $section }}__broker__password
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: broker-password } }
{{- end }}
{{- if .facts.redis }}
- name: GUICHET__{{ $section }}__redis__url
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: redis-url } }
{{- end }}
{{- range $key, $stored := .facts.keys }}
- name: GUICHET__{{ $section }}__{{ $key }}
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: {{ $stored }} } }
{{- end }}
{{- if .facts.mails }}
{{- with (index .root.Values .service).smtpPassword }}
{{- if .secret }}
- name: GUICHET__{{ $section }}__smtp__password
  valueFrom: { secretKeyRef: { name: {{ .secret }}, key: {{ .key | default "smtp-password" }} } }
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* What no container of Guichet needs. */}}
{{- define "guichet.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "guichet.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}
