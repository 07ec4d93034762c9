{{/* Names and labels. A component is a service's name: directory, import, group and workload. */}}
{{- define "tierwise.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{- define "tierwise.labels" -}}
app.kubernetes.io/name: tierwise
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "tierwise.selector" -}}
app.kubernetes.io/name: tierwise
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "tierwise.image" -}}
{{ .root.Values.image.repository }}-{{ .component }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{/* A service's values over the defaults. The chart's own values are never changed: deepCopy. */}}
{{- define "tierwise.service" -}}
{{- $merged := mustMergeOverwrite (deepCopy .root.Values.defaults) (deepCopy .given) -}}
{{- if and (ne $merged.scaling.kind "none") (gt (int $merged.scaling.max) (int .root.Values.kafka.partitions)) -}}
{{- fail (printf "services.%s.scaling.max is %d, and there are %d partitions: the rest of the replicas would own none. Lower it." .component (int $merged.scaling.max) (int .root.Values.kafka.partitions)) -}}
{{- end -}}
{{- if and (ne $merged.scaling.kind "none") (gt (int $merged.scaling.min) (int $merged.scaling.max)) -}}
{{- fail (printf "services.%s.scaling.min is above its max." .component) -}}
{{- end -}}
{{- if and (eq $merged.scaling.kind "keda") (not $merged.topic) -}}
{{- fail (printf "services.%s has no topic: KEDA scales by a topic's lag. Set scaling.kind to hpa or none." .component) -}}
{{- end -}}
{{- if and $merged.stateful (ne $merged.scaling.kind "none") -}}
{{- fail (printf "services.%s is stateful, its replicas know their number: scaling.kind must be none." .component) -}}
{{- end -}}
{{- toYaml $merged -}}
{{- end }}

{{/* What every container reads from its environment. */}}
{{- define "tierwise.env" -}}
- name: OTEL_SERVICE_NAME
  value: {{ .component }}
{{- if .root.Values.otel.endpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ .root.Values.otel.endpoint | quote }}
- name: OTEL_EXPORTER_OTLP_PROTOCOL
  value: http/protobuf
- name: OTEL_TRACES_EXPORTER
  value: otlp
- name: OTEL_METRICS_EXPORTER
  value: otlp
{{- else }}
- name: OTEL_TRACES_EXPORTER
  value: none
- name: OTEL_METRICS_EXPORTER
  value: none
{{- end }}
- name: TIERWISE_HOST
  value: 0.0.0.0
- name: TIERWISE_HEALTH_PORT
  value: "8080"
- name: TIERWISE_PLAYBOOK
  value: /app/playbook
- name: TIERWISE_FRONTENDS
  value: /etc/tierwise/frontends
- name: TIERWISE_KAFKA
  valueFrom:
    secretKeyRef:
      name: {{ required "kafka.existingSecret names the secret with the brokers' address" .root.Values.kafka.existingSecret }}
      key: {{ .root.Values.kafka.key }}
{{- if ne .component "gateway" }}
- name: TIERWISE_POSTGRES
  valueFrom:
    secretKeyRef:
      name: {{ required "postgres.existingSecret names the secret with one DSN a service" .root.Values.postgres.existingSecret }}
      key: {{ .component }}
{{- end }}
{{- if .service.http }}
- name: TIERWISE_HTTP_PORT
  value: {{ .service.http | quote }}
{{- end }}
{{- if eq .component "rag" }}
{{ include "tierwise.qdrant" .root }}
{{- end }}
{{- if eq .component "llm" }}
{{- if .root.Values.anthropic.existingSecret }}
- name: ANTHROPIC_API_KEY
  valueFrom:
    secretKeyRef:
      name: {{ .root.Values.anthropic.existingSecret }}
      key: {{ .root.Values.anthropic.key }}
{{- else }}
- name: TIERWISE_SIMULATOR
  value: {{ required "anthropic.existingSecret names the secret with the API key; without one give anthropic.simulatorUrl" .root.Values.anthropic.simulatorUrl | quote }}
{{- end }}
{{- end }}
{{- if eq .component "gateway" }}
- name: TIERWISE_GATEWAY_KEY
  value: /etc/tierwise/keys/gateway.pem
- name: TIERWISE_CUSTOMER_JWT_KEY
  value: /etc/tierwise/keys/customer-jwt.pub.pem
- name: TIERWISE_SESSION_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ required "gatewayKeys.existingSecret names the secret with the gateway's keys" .root.Values.gatewayKeys.existingSecret }}
      key: session-secret
- name: TIERWISE_REPLICA
  valueFrom:
    fieldRef:
      fieldPath: metadata.labels['apps.kubernetes.io/pod-index']
- name: TIERWISE_PEERS
  value: {{ include "tierwise.peers" . | quote }}
{{- end }}
{{- range $name, $value := .service.env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* The base URL of every replica, as a JSON list in the order of their numbers. */}}
{{- define "tierwise.peers" -}}
{{- $full := printf "%s-%s" (include "tierwise.name" .root) .component -}}
{{- $peers := list -}}
{{- range $k := until (int .service.replicas) -}}
{{- $peers = append $peers (printf "http://%s-%d.%s-peers.%s.svc:%d" $full $k $full $.root.Release.Namespace (int $.service.http)) -}}
{{- end -}}
{{- $peers | toJson -}}
{{- end }}

{{/* Where Qdrant is, and its key if it asks for one. */}}
{{- define "tierwise.qdrant" -}}
- name: TIERWISE_QDRANT
  valueFrom:
    secretKeyRef:
      name: {{ required "qdrant.existingSecret names the secret with Qdrant's URL" .Values.qdrant.existingSecret }}
      key: {{ .Values.qdrant.urlKey }}
{{- if .Values.qdrant.apiKeyKey }}
- name: TIERWISE_QDRANT_API_KEY
  valueFrom:
    secretKeyRef:
      name: {{ .Values.qdrant.existingSecret }}
      key: {{ .Values.qdrant.apiKeyKey }}
{{- end }}
{{- end }}

{{- define "tierwise.security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "tierwise.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}
