# %% [markdown]
# # Find your way through the course: two maps, and the words in two languages
#
# Whoever talks about a diagnosis by computer uses big words loosely. Here stands what each means in this course, in
# English and in Chinese, and where it is taught. A page to come back to.
#
# ## What you will do
# - Say which of the big words contains which (quiz).
# - Follow a picture on its two ways to a decision, and name the lesson for each step (quiz).
# - Look up a word in English or Chinese (quiz).
#
# **What you need.** [Lesson 00](00_start_here.ipynb).
#
# **How long.** About 15 minutes.
#
# **What this is not.** A list of what computers can do in medicine: the maps show what the course teaches.

# %% [markdown]
# ## 1. What contains what
#
# The words are used loosely in the news. Here they are nested: each contains the next. The numbers are those of the
# lessons.
#
# ```mermaid
# flowchart LR
#     AI["Artificial intelligence:<br/>machines that seem to think"]
#     ML["Machine learning:<br/>rules found from examples<br/>09 to 12"]
#     DL["Deep learning:<br/>many layers, learnt together<br/>06 to 08, 13"]
#     CNN["Convolutional neural network:<br/>layers made for pictures<br/>04, 05, 14 to 17"]
#     AI -->|contains| ML -->|contains| DL -->|contains| CNN
# ```
#
# A ruler that measures nuclei is none of these. It is the measure that all of them must beat.

# %% [markdown]
# ## 2. What happens to a picture
#
# A *feature* is a number measured in a picture, such as the dark share of [lesson 00](00_start_here.ipynb). A
# *classifier* is a rule that turns features into a class, here benign or malignant. In lesson [00](00_start_here.ipynb)
# you went by *Measure features*: you chose the feature yourself. A deep neural network goes the other way: it learns
# its features. The decision at the end belongs to a person: a program can only inform.
#
# ```mermaid
# flowchart TB
#     subgraph written [written]
#         A["Acquire<br/>01 images as arrays"] --> P["Prepare<br/>02 preprocessing"]
#         P --> F["Measure features<br/>03 measuring nuclei"]
#         F --> C["Classify features<br/>09 support vector machine, 10 kernels<br/>11 naive Bayes, 12 comparing them"]
#         P --> L["Layers<br/>04 convolution<br/>05 pooling<br/>06 forward pass<br/>07 backpropagation"]
#         L --> T["Train<br/>08 training by hand<br/>13 the same network in Keras"]
#         T --> N["The system<br/>14 breast cancer CNN"]
#         N --> I["Repair<br/>15 overfitting, 16 better networks<br/>17 transfer learning<br/>18 class imbalance"]
#         I --> D["Judge<br/>19 evaluating a diagnosis<br/>20 looking inside<br/>21 real ultrasound"]
#         C --> D
#         D --> O["Beyond the label<br/>22 detection and measurement<br/>23 surgical navigation<br/>24 molecules"]
#         O --> H["In the hospital<br/>25 data and privacy<br/>27 where to go next"]
#     end
#     subgraph planned [planned]
#         M["26 deployment and scale"]
#     end
#     H --> M
# ```
#
# The lessons written, in order: [00](00_start_here.ipynb), [01](01_images_as_arrays.ipynb),
# [02](02_preprocessing.ipynb), [03](03_measuring_nuclei.ipynb), [04](04_convolution.ipynb), [05](05_pooling.ipynb),
# [06](06_forward_pass.ipynb), [07](07_backpropagation.ipynb) and [its second page](07_backpropagation_layers.ipynb),
# [08](08_training_by_hand.ipynb), [09](09_support_vector_machine.ipynb), [10](10_kernels_and_duality.ipynb),
# [11](11_naive_bayes.ipynb), [12](12_comparing_classifiers.ipynb), [13](13_keras_same_network.ipynb),
# [14](14_breast_cancer_cnn.ipynb), [15](15_overfitting.ipynb), [16](16_better_networks.ipynb),
# [17](17_transfer_learning.ipynb), [18](18_class_imbalance.ipynb), [19](19_evaluating_a_diagnosis.ipynb),
# [20](20_looking_inside.ipynb), [21](21_real_ultrasound.ipynb), [22](22_detection_and_measurement.ipynb),
# [23](23_surgical_navigation.ipynb), [24](24_molecules.ipynb), [25](25_data_and_privacy.ipynb),
# [27](27_where_to_go_next.ipynb). 26 is planned.
#
# Each lesson is one sitting. Where its Next names a second page, that page goes further, and no other lesson needs it.

# %% [markdown]
# ## 3. Words, in two languages
#
# Come back to this table when a word is in your way.
#
# | English | 中文 | meaning here |
# |---|---|---|
# | benign, malignant | 良性, 恶性 | not cancer; cancer |
# | fine-needle aspirate | 细针穿刺抽吸物 | cells sucked out of a lump through a thin needle |
# | nucleus | 细胞核 | the body inside a cell that holds its genes |
# | stain | 染色剂 | a dye that makes cells visible (the act of staining: 染色) |
# | slide | 玻片 | the glass plate that carries the cells |
# | pixel | 像素 | the smallest point of a picture |
# | grey value | 灰度值 | how bright a pixel is, from 0 (black) to 255 (white) |
# | threshold | 阈值 | the border value between two decisions, such as dark and light |
# | feature | 特征 | a number measured in a picture |
# | classifier | 分类器 | a rule that turns features into a class, such as benign or malignant |
# | neural network | 神经网络 | a chain of multiplications and sums, its numbers adjusted on examples |
# | image recognition | 图像识别 | saying what a picture shows |
# | medical diagnosis | 医疗诊断 | deciding which disease a patient has, or has not |
# | disease detection | 疾病检测 | finding out whether, and where, there is a sign of disease |
# | image analysis | 影像分析 | measuring what is in a medical picture |
# | data set | 数据集 | the examples that a model learns from and is tested on |
# | preprocessing | 数据预处理 | bringing pictures into one form before anything learns from them |
# | region of interest | 感兴趣区域 | the part of a picture that matters for the question |
# | machine learning | 机器学习 | finding a rule from examples, in place of writing it down |
# | deep learning | 深度学习 | machine learning with many layers, learnt together |
# | deep neural network | 深度神经网络 | such a stack of layers, each fed by the one before |
# | convolutional neural network | 卷积神经网络 | a deep network whose first layers slide small filters over a picture |
# | support vector machine | 支持向量机 | a classifier that keeps its border as far as it can from both classes |
# | naive Bayes | 朴素贝叶斯 | multiplies probabilities as if features were independent within each class |
# | overfitting | 过拟合 | learning the examples by heart, and failing on new ones |
# | class imbalance | 类别不平衡 | one class far rarer than the other, as disease mostly is |
# | hyper-parameter tuning | 参数调优, in full 超参数调优 | choosing the settings that are not learnt from the data |
# | real-time | 实时性 | answering fast enough to be of use while something happens |

# %% [markdown]
# ## Traps
#
# - **One word for all.** *Symptom*: "the AI decided". *Cure*: ask which of the nested words is meant, what went in,
#   what came out, and who decided.
# - **Image recognition taken for a diagnosis.** *Symptom*: "it recognises 95 % of the cancers". *Cure*: saying what a
#   picture shows is one step; a diagnosis weighs it with everything else known about a patient.
#
# ## Recap
#
# Deep learning is a part of machine learning, and that a part of artificial intelligence. A picture reaches a decision
# by measured features and a classifier, or by a network that learns its features. Both ways begin with a picture as an
# array, and end with a person.
#
# ## Quiz
#
# **1. Words.** A support vector machine on measured radii is
#
# - (a) deep learning
# - (b) machine learning, but not deep learning
# - (c) neither
#
# <details><summary>Answer</summary>
#
# (b). Its rule is found from examples, so it is machine learning. (a) needs many layers learnt together. (c) would be a
# border that somebody wrote down.
# </details>
#
# **2. Ways.** Where does a convolutional network get its features from?
#
# - (a) from the list that a pathologist wrote
# - (b) from the measurements of [lesson 03](03_measuring_nuclei.ipynb)
# - (c) it learns them from examples
#
# <details><summary>Answer</summary>
#
# (c). (a) and (b) are the other way: somebody chose what to measure.
# </details>
#
# **3. 染色剂.** What is it?
#
# - (a) the nucleus
# - (b) the stain
# - (c) the slide
#
# <details><summary>Answer</summary>
#
# (b), the dye. The act of staining is 染色; (a) is 细胞核, (c) is 玻片.
# </details>
#
# ## Sources
#
# - The words are explained as the course uses them; each lesson named on the maps gives its own sources.
#
# ## Next
#
# [Lesson 01, images as arrays](01_images_as_arrays.ipynb).
