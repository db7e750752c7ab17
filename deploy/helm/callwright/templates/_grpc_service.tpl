{{/*
The ConfigMap, headless Service and Deployment of a gRPC service. Takes a dict of
  root: the chart's context
  component: the service's name, with hyphens
  package: its Python package
  values: its part of the values
  grpcPort: the port of its gRPC server
  settings: environment variables that the chart sets
  secrets: variables from Secrets, a list of dicts of name and secret
  httpPort: the port of its web server, if it has one
  dataSize: size of a volume at /data, if it needs one
  podNameVariable: a variable that shall hold the pod's name, if there is one
*/}}
{{- define "callwright.grpcService" -}}
{{- $name := include "callwright.component" . -}}
{{- $common := dict
  "GRPC_LISTEN" (printf "0.0.0.0:%d" (int .grpcPort))
  "METRICS_LISTEN" "0.0.0.0:9090"
  "SHUTDOWN_GRACE_SECONDS" (toString .values.shutdownGraceSeconds)
  "CAMPAIGNS_DIR" "/etc/callwright/campaigns"
-}}
{{- include "callwright.checkSettings" . -}}
{{- $settings := mergeOverwrite $common .settings .values.settings -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $name }}
  labels:
    {{- include "callwright.labels" . | nindent 4 }}
data:
  {{- range $key, $value := $settings }}
  {{ $key }}: {{ $value | quote }}
  {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  labels:
    {{- include "callwright.labels" . | nindent 4 }}
spec:
  # Headless, so that clients see every replica and spread their requests over all of them.
  clusterIP: None
  selector:
    {{- include "callwright.selectorLabels" . | nindent 4 }}
  ports:
    - name: grpc
      port: {{ .grpcPort }}
      targetPort: grpc
      appProtocol: kubernetes.io/h2c
    - name: metrics
      port: 9090
      targetPort: metrics
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels:
    {{- include "callwright.labels" . | nindent 4 }}
spec:
  replicas: {{ .values.replicas }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  selector:
    matchLabels:
      {{- include "callwright.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "callwright.labels" . | nindent 8 }}
      annotations:
        checksum/settings: {{ toJson $settings | sha256sum }}
        checksum/campaigns: {{ toJson .root.Values.campaigns | sha256sum }}
        {{- with .values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "callwright.fullname" .root }}
      {{- include "callwright.podSecurity" . | nindent 6 }}
      # preStop, the service's own grace, and time to close what it has open.
      terminationGracePeriodSeconds: {{ add (int .root.Values.preStopSeconds) (int .values.shutdownGraceSeconds) 10 }}
      {{- with include "callwright.placement" .values }}
      {{- . | nindent 6 }}
      {{- end }}
      containers:
        - name: {{ .component }}
          image: {{ include "callwright.image" . }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          command: ["python", "-m", {{ .package | quote }}]
          envFrom:
            - configMapRef:
                name: {{ $name }}
          env:
            - name: HOME
              value: /tmp
            # With more arenas the memory of requests that have ended stays taken.
            - name: MALLOC_ARENA_MAX
              value: "2"
            {{- with .podNameVariable }}
            - name: {{ . }}
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
            {{- end }}
            {{- range .secrets }}
            {{- include "callwright.secretVariable" . | nindent 12 }}
            {{- end }}
          ports:
            - name: grpc
              containerPort: {{ .grpcPort }}
            - name: metrics
              containerPort: 9090
            {{- with .httpPort }}
            - name: http
              containerPort: {{ . }}
            {{- end }}
          # "liveness" serves while the process does; the server's own health follows its dependencies too.
          startupProbe:
            grpc:
              port: {{ .grpcPort }}
              service: liveness
            periodSeconds: 2
            failureThreshold: 60
          livenessProbe:
            grpc:
              port: {{ .grpcPort }}
              service: liveness
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            grpc:
              port: {{ .grpcPort }}
            periodSeconds: 3
            timeoutSeconds: 2
          lifecycle:
            preStop:
              sleep:
                seconds: {{ .root.Values.preStopSeconds }}
          resources:
            {{- toYaml .values.resources | nindent 12 }}
          {{- include "callwright.containerSecurity" . | nindent 10 }}
          volumeMounts:
            - name: campaigns
              mountPath: /etc/callwright/campaigns
              readOnly: true
            - name: tmp
              mountPath: /tmp
            {{- if .dataSize }}
            - name: data
              mountPath: /data
            {{- end }}
      volumes:
        - name: campaigns
          configMap:
            name: {{ include "callwright.fullname" .root }}-campaigns
        - name: tmp
          emptyDir:
            sizeLimit: 256Mi
        {{- with .dataSize }}
        - name: data
          emptyDir:
            sizeLimit: {{ . }}
        {{- end }}
{{- end -}}
